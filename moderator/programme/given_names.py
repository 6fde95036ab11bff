"""Given names that are common in Europe and beyond: evidence that capitalised words are a person, never a condition."""

from __future__ import annotations

from .model import plain

_NAMES = """
aaron abdul abel abigail achim ada adam adela adele adelina adolfo adrian adriana adriano agata agnes agnese agnieszka agustin
ahmed aida aidan aiden aileen aina ainhoa aino aisha aitana aitor alain alan alba albert alberta alberto albrecht aldo
alejandra alejandro aleksander aleksandar aleksandra aleksei alena alessandra alessandro alessia alessio alex alexander
alexandra alexandre alexandros alexandru alexis alfons alfonso alfred alfredo ali alice alicia alina aline alisa alison
aloïs alojz alva alvaro amalia amanda amandine amaya amelia amelie amina amir amparo ana anabel anais anaïs anastasia
anastasios anca anders andor andras andre andrea andreas andreea andrei andrej andreja andres andreu andrew andris andrzej
andrius andrzej andy ane aneta angel angela angelica angelika angelina angelo angels àngels angus aniko anikó anita anja
anke ann anna annabel annalisa anne anneke anneli annelies annemarie annette anni annika anouk ans anselm anthony antje
anton antonella antoni antonia antonin antonino antonio antonios antonis antti anu aoife apostolos araceli arantxa archie
ariane arianna arie aris arjan arkadiusz arlette armand armando armin arnau arnaud arne arno arnold artem arthur artur arturo
arturs arunas arvid arvo asa åsa asier aslaug asta astrid asuncion ates athanasios attila audrey august augusto augustin
aurelia aurelie aurelien aurora austeja ava avril axel ayse babette balazs balint baptiste barbara barbro barna bart
bartek bartlomiej bartosz bas basile bastian bastien beata beate beatrice beatriu beatriz begoña belen bella ben benedek
benedetta benedict benedikt benedicte bengt benita benito benjamin benoit benoît berit bernadette bernard bernardo bernat
bernd bernhard bert berta bertrand beth betina bettina bianca bibiana biljana birger birgit birgitta birgitte birthe
bjarne björn bjørn blanca blanka blas blaž blazej bo bob bogdan bogumil boguslaw bohdan bojan bojana bolette boris borja
borut boryana bosko bozena božena brad bram branimir branislav branka branko brenda brendan brian bridget brigita brigitta
brigitte britt britta bruno bryan caitlin caj calin calum camila camilla camille camilo candela caoimhe carina carl carla
carles carlo carlos carlota carme carmela carmelo carmen carol carola carole carolin carolina caroline carsten casper
catalin catalina catarina caterina catherine cathrine cathy cecile cecilia cecilie cedric celeste celia celine cesar cesare
chantal charalampos charles charlie charlotte chiara chloe chris christa christel christelle christian christiane christina
christine christof christoph christophe christopher christos cian ciara cindy ciprian ciro claire clara clare clarissa
claude claudia claudine claudio claus clemens clement clément clementine cliona clotilde colette colin colm concepcion concetta
conchita connor conor conrad constance constantin constantinos consuelo cora coralie corina corinna corinne cormac cornel
cornelia cornelis cornelius cosimo cosmin costas craig cristian cristiana cristiano cristina cristobal csaba cyril cyrille
czeslaw daan dace dafne dag dagmar dagmara dagny dainius daisy dalia dalibor damian damiano damien damjan dan dana daniel
daniela daniele daniella danielle danijel danilo danuta daphne daria dario dariusz darius darko darragh dave david davide
davor deborah declan deirdre delia delphine denis denisa denise dennis derek dermot desiree desmond despina detlef devin
diana diane didier diego dieter dietmar dietrich dilan dimitar dimitra dimitri dimitrios dimitris dina dinis dino diogo dirk
divna dobromir dolores dolors domenico domingo dominic dominik dominika dominique donal donald donata donatas donatella
dora dorin dorina doris dorota dorota dorothea dorothee dorte dorthe douglas dovile dragan dragana dries dubravka duncan
dusan dušan dylan eamon eamonn ebba eberhard eckhard eddy edgar edgars edit edita edith edmund edmundo edoardo eduard
eduarda eduardo edvard edward edwin eero efstathios egbert egle eglė egon eija eileen eimear einar eino eirik eirini ekaterina
ekkehard elaine eleanor elena eleni eleonora eleonore elia elias elif elin elina eline elio elisa elisabet elisabeta elisabeth
elisabetta elise eliska eliška eliza elizabeth elke ella ellen elli ellie elmar elodie eloi eloy elsa elsbeth else elvira
elzbieta elżbieta emanuel emanuela emanuele emeric emil emile emilia emiliano emilie emilio emily emine emir emma emmanuel
emmanuelle endre eneko enno enric enrica enrico enrique ensar eoin eric erica erich erik erika erkki erland erling ernest
ernesto ernst ervin erwin esko esperanza esteban estefania estel estela estelle ester estera esther estrella etienne étienne
ettore eugen eugene eugenia eugenio eulalia euan eva evaldas evan evangelia evangelos evelien evelin evelina evelyn evert evi
ewa ewald ewelina fabian fabiana fabiano fabien fabienne fabio fabrice fabrizio fanny fatima fatma federica federico felicia
felicitas felicity felipe felix ferdinand ferenc fergal fergus ferran fernanda fernando ferran fiachra fidel filip filipa filipe
filippa filippo filomena fintan fiona fionnuala flavia flavio flemming fleur floor flor florence florent florentina florian
floriane floris florin fran frances francesc francesca francesco francine francis francisca francisco franck francois françois
francoise françoise franco franjo frank franka franz franziska fred freddy frederic frederica frederick frederik frederike
frederique fredrik freek freya frida friedrich frieda frits fritz gabor gabriel gabriela gabriele gabriella gabrielle gaelle
gaetano galina gareth garrett gary gaspar gaston gauthier gavin gediminas gemma genevieve geneviève geoff geoffrey geoffroy
georg george georges georgeta georgi georgia georgiana georgina georgios gerald geraldine gerard gerarda gerardo gerd gerda
gergely gergő gerhard gerlinde german germán gerrit gert gertrud gertrude gesa gesine geza giacomo giada giampaolo giancarlo
gianfranco gianluca gianmarco gianna gianni giedre giedrė giles gilbert gilda gill gilles gillian gina ginevra gino gintaras
gintare gioia giorgia giorgio giorgos giovanna giovanni girts gisela giselle gitte giulia giuliana giuliano giulietta giulio
giuseppe giuseppina giusy gizem gladys glen glenn gloria goffredo gonçalo goncalo gonzalo goran gordana gordon gorka göran
gosia grace gracia graham grainne gráinne grant graziano graziella grazyna grażyna greet greg gregor gregorio gregory greta
gretchen griet grigore grigorios gro grzegorz guadalupe gudrun guenther guglielmo guido guilhem guillaume guillem guillermo
gunda gundula gunilla gunnar gunta günter günther gustaf gustav gustavo guus guy gwen gwenaelle gwendoline gyorgy györgy gyula
haakon håkan hakan halina hallvard hamza hana hanna hannah hanne hannele hannes hanneke hannu hans harald harriet harry
hartmut hasan hassan hazel heather hector hedda hedvig hedwig heidi heidrun heike heikki heiko heimo heiner heino heinrich
heinz helen helena helene helga helge helle helma helmut hendrik henk henna hennie henning henri henrietta henriette henrik
henrike henrique henry herbert heribert herman hermann hermine hernan herve hervé hilary hilda hilde hildegard hinrich holger
honza honorata horatiu horst hrvoje hubert hugh hugo hugues humberto hynek iain ian iban ibrahim ida idoia ieva ignacio ignasi
ignacy ignas igor ikram ilan ilaria ildefonso ildiko ildikó ilias ilie iliyana ilka ilkka illya ilona ilse ilze imanol imke
imma immaculada imre ina inaki iñaki inara inês ines inés inesa inga inge ingeborg ingeburg inger ingemar ingmar ingo ingrid ingrida
ingvar inka inma inmaculada ioan ioana ioanna ioannis iolanda ion ionel ionela ionut iordanis ira irena irene iria irina
iris irma irmgard isa isaac isabel isabela isabell isabella isabelle isaura isidora isidoro isidro ismael ismail istvan
istván ita itziar iulia iuliana iulian ivan ivana ivar ivaylo ivelina iveta ivette ivica ivo ivona iwan iwona izabela izaskun
jaak jaakko jaana jaap jacek jacinta jack jackie jacob jacobo jacqueline jacques jadranka jadwiga jaime jakob jakov jakub
jamal james jamie jan jana jane janet janez jani janice janina janine janis jānis janko janna janne jannik jannis janos
jános janusz jari jarle jarkko jarmila jarmo jaromir jaroslav jaroslaw jasmin jasmina jasmine jasna jason jasper jaume javier
jean jeanette jeanine jeanne jeannette jeff jeffrey jelena jelle jenna jennifer jenny jens jeremy jeremie jeroen jerome jérôme
jerry jerzy jesper jesse jessica jesus jesús jette jill jillian jim jimmy jindrich jiri jiří jitka jo joachim joan joana joanna
joanne joao joão joaquim joaquin jochem jochen jodie joe joel joëlle joelle joep joerg johan johanna johannes john johnny
jolanda jolanta jolita jonas jonathan jone joni joost jordan jordi jorg jörg jorge jørgen jorgen jorma jorn jörn joris jos
josé jose josee josef josefa josefin josefina josefine josep josepa joseph josephine joshua josiane josip josé josu joyce joze
jože jozef józef jozsef józsef jovan jovana juan juana juanita juanjo judit judith juha juhani juho jukka jules julia julian
juliana juliane julie julien julieta juliette julio juliusz julius jun juozas jurate jūratė jure jürgen jurgen jurgis jurgita juri
juris jurriaan justin justina justine justyna jutta juuso jyri kaarina kaarlo kacper kai kaia kaisa kaj kaja kajetan kajsa kalina
kalle kalliopi kamil kamila kamile kaori karel karen kari karim karin karina karine karl karla karlis karlo karol karolina
karoliina karoline karolis karsten kaspar kasper kasia kata katalin katarina katarzyna kate katerina katharina katharine
käthe katherine kathleen kathrin kathryn kathy kati katia katie katinka katja katka katre katri katrien katrin katrina katrine
katy kay kazimierz keijo keith kelly ken kenneth kerli kerstin kerttu kestutis ketil kevin khalid kieran kiki kiliaan kilian
kim kimberly kinga kira kirill kirsi kirsten kirsti kirstin kirsty kitty kjell kjersti klaas klara klaudia klaus klavs klemen
knud knut koen koenraad koldo konrad konstancja konstantin konstantina konstantinos konstanze kornel kornelia kostas
kremena kris krisjanis krista kristel kristen kristian kristiina kristijan kristin kristina kristine kristof kristoffer
kristýna krisztian krisztina krystian krystyna krzysztof kuba kurt kyle kylie kyriaki kyriakos lada ladislav laetitia laia laila
laimonas lajos lambert lambros lana lara larisa larissa lars lasse laszlo lászló laura laure laurence laurens laurent
laurentiu lauri lauriane laurits lavinia lazar lea leah leander leandro leen leena leif leila leire lejla lelia lena lenka
lennart lenny leo leokadia leon leona leonard leonardo leonhard leonie leonor leopold leopoldo leroy lesley leslie leszek
leticia leyla lia liam liana lidia lidija lidwien liepa lieke lieselotte lieven liesbeth liga līga liina liisa lili lilia
lilian liliana liliane lilla lilli lillian lilly lily lina linas linda line linnea lino linus lionel lisa lisbet lisbeth
lise liselotte lisette liudmila liv livia liviu livio ljiljana ljubica ljubomir llorenç llucia lluc lluís lluis loes
loic loïc lola lolita lone lonneke lorena lorene lorenz lorenza lorenzo loreta loretta lorna lorraine lothar lotta lotte
lotten louis louisa louise lourdes luan luana luboš lubomir lubomira luc luca lucas luce lucia lucía lucian luciana luciano
lucie lucien lucienne lucija lucila lucrecia lucy lucyna ludger ludivine ludmila ludovic ludovica ludovico ludvig ludwig ludwika
luigi luigia luis luís luisa luise luiz luka lukas lukasz łukasz luke lutz luuk luz luzia lydia lydie lyn lynn maaike maarja
maarit maarten maartje maciej mads madeleine madlen mafalda magali magda magdalena magdalene maggie magne magnhild magnus
maguelone mai maia maialen maija maike mair maire máire mairead maite maixent maja maka makis malcolm malene malgorzata
małgorzata mali malin malte malwina mandy manel manfred manon manolis manos mantas manuel manuela mar mara marc marcel
marcela marceli marcella marcello marcelo marcin marco marcos marcus marek maren marga margaret margareta margarete
margaretha margarida margarita margaux marge margherita margit margot margreet margrethe margriet marguerite mari maria maría
mária mariam marian mariana mariane marianna marianne mariano maribel marie mariel mariella mariette marieke marija marijana
marijke marijus marika marike mariken marilena marilyn marin marina marine marinella marino marinos marinus mario marion marios
mariola maris māris marisa marisol marit marita marite marius mariusz mariya marja marjan marjana marjatta marjo marjolein
marjorie mark marketa markéta marko markku marko markus marlena marlene marleen marlies marloes marlon marta martha marte
marten marthe marti martí martin martina martine martino martins martta marton márton mart marten märten marvin mary mary-ann
maryam maryse marzena mascha massimiliano massimo mate máté matea matej mateja mateo mateu mateusz mathias mathieu mathijs
mathilda mathilde mati matias matic matija matilda matilde matt matteo matthew matthias matthieu matthijs matti mattia mattias
matus matúš matyas mátyás maud maura maureen maurice mauricio maurits maurizio mauro max maxim maxime maximilian maximiliano
maya mechthild mehmet meike melania melanie melina melinda melissa menno merce mercè mercedes meri merike merja mert merve
meta mette mia micaela michael michaela michaël michail michal michał michel michela michelangelo michele michèle michelle
michiel mick miek mieke mieczyslaw mientje miguel mihai mihail mihaela mihails mihaly mihály miha mihkel miika miikka miira
mika mikael mikaela mike mikel miklos miklós mikk mikkel mikko mikolaj mikołaj mikulas mila milada milan milana milda mile
milena milica miljenko milla millie milos miloš miloslav milosz mima mimi mina mindaugas minna mira miranda mircea mireia
mireille mirela mirella miren mireya miriam mirja mirjam mirjana mirka mirko miroslav miroslava miroslaw mislav mitja
mladen modesta mohamed mohammed moira mojca molly mona moni monica monika monique montse montserrat morag moritz morten
morgane muhammad muriel murielle mustafa myles myriam myrto nacho nada nadezhda nadia nadine nadja naia naim naiara nancy
naoise naomi naroa narcis natacha natalia natalie natalija natascha natasha nathalie nathan nayara neil nela nelly nelson
nena nenad nerea neringa nerijus nestor neus neven nevena niall niamh nicholas nick nicky nico nicodemo nicola nicolae
nicolai nicolas nicolaas nicole nicoleta nicoletta nicolò nicolo niels niek nieves nigel niina niki nikita niklas niko
nikola nikolai nikolaj nikolaos nikolas nikolaus nikolay nikoleta nikolina nikos nils nina ninon noa noah noe noel noelia
noëlle noelle noemi noémie noemie nona nora norah norbert nordahl noreen norma norman normunds nuno núria nuria nuutti oana
octave octavia octavian octavio oddvar odette odile odin ögmundur oihana oihane oisin ola olaf olav ole oleg oleksandr
oleksandra oleksii olena olga olimpia olimpiu oliver olivera olivia olivier olivija olle olli olof oluf omar onno oona
orestis oriol orla ornella orsolya ortrud ortwin oscar oskar oskars osman oswald otmar ottavia ottilie otto otylia outi ove
ovidiu owen paavo pablo paco padraic pádraig padraig paloma pamela panagiota panagiotis pantelis paola paolo pascal pascale
pasi pasqual pasquale patric patrice patricia patricio patrick patrik patrizia patrycja patryk pau paul paula paulette paulien
paulina pauline paulino paulius paulo pavel pavla pavle pavlina pavlos pavol pawel paweł peadar pedro peer peeter peggy peio
pekka penelope penka penny pentti pep per percy pere perla pernilla pernille perrine pertti pet peta peter péter peteris petar
petko petr petra petras petri petronella petros petru petruta petya phil philip philipp philippa philippe philippos phoebe pia
pieter piet piera pierluigi piero pierre piers pieternel pietro pilar pille pim piotr pirjo pirkko piret plamen plamena pol
polina polona polly pontus povilas predrag preben primož primoz priit priscilla przemyslaw przemysław quentin quim quintin
quirin rachel rade radek radim radka radko radmila rado radomir radosław radoslaw radoslav radovan radu rafael rafaela rafaella
rafal rafał raffaela raffaele raffaella ragna ragnar ragnhild rahel raija raili raimo raimon raimonda raimondo raimonds raimund
rainer raisa ralf ralph ralitsa ramona ramon ramón ramunas ramunė randi raphael raphaël raphaela raphaelle raquel rasa rasmus
raul raúl raymond rayna rebeca rebecca rebeka reetta regimantas regina regine regis régis reidar reidun reijo reima reiner
reinhard reinhold reinier reinis remco remedios remi rémi remigiusz remo remy renaat renaldas renars renata renate renato
renaud rene rené renee renée renske ria riccarda riccardo ricard ricarda ricardas ricardo richard rick rico rieke riikka riina
riitta rik rika rikard rikke rima rimantas rimvydas rina rinaldo risto rita ritva robbert robby robert roberta roberto roberts
robin robrecht rocio rocío rocco roderick rodolfo rodrigo roel roeland roelof roger rogelio rogier rok rolands roland rolando
rolf romain roman romana romane romano romas romeo romina romuald romualdas ron ronald ronan ronja ronny rory rosa rosaleen
rosalia rosalie rosalind rosanna rosario rose rosemarie rosemary roser rosita rosmarie ross rossana rossella rossen rossitza
roswitha roxana roxane roy roza rozalia rozenn ruben rubén rudi rudiger rüdiger rudolf rudolph rudy rui rumen rumiana runa rune
rupert rut ruta rūta ruth ruud ruxandra ruzica ryan ryszard saara saber sabin sabina sabine sabrina sacha sadie saila saioa
saku salah sally salla salome salomé salvador salvatore sam samantha sami samir sampo samu samuel samuela samuele samuli sanda
sander sandie sandor sándor sandra sandrine sandro sandy sanela sanja sanna santa santeri santi santiago santos sanne sara
sarah sari sarita sarunas šarūnas sascha saša sasha saskia saul saulius savvas scott sean seán sebastian sebastiano sebastien
sébastien sebestyén selena selina selma semir senka seppo sepp seraina serafina serena serge sergei sergej sergi sergio sergiu
sergiusz severin severine séverine severina shane shannon sharon shaun shauna sheila shirley sian siard sibylle sidonie siegfried
sieglinde siem siew sif signe sigrid sigurd siim siiri silke silva silvan silvana silvano silvester silvia silvie silvija
silvio silviu sílvia sima simas simeon simo simon simona simonas simone simonetta simonne sina sinead sinéad siniša siobhan
siobhán sirje sirkka sirpa siri siv siw sixten slavka slavko slavomir slawomir sławomir snezana snežana soeren sofia sofía
sofie sofija soile soledad solenne solveig solvita sonia sonja sonya sophia sophie sophus soraya soren søren sorin sorina
sotirios spela špela spiros spyridon spyros srdjan stacey stan stanimir stanisław stanislav stanislaw stanislas stanko stasys
stavros stefan stefán stefania stefanie stefano stefanos stefen steffen steffi steinar stelian stelios stella sten stepan
stephan stephane stéphane stephanie stéphanie stephen sterre steve steven stig stijn stina stine stipe stjepan stoyan stuart
sue suellen sulev susan susana susanna susanne suvi suzana suzanne suzette svante svein sven svend svenja svetla svetlana
svetlin svetoslav swantje sybille sylvain sylvaine sylvana sylvester sylvia sylvie sylwester sylwia szabolcs szilvia szymon
tadas tadej tadeusz tage taina taisto tajana tamara tamas tamás tanel tania tanja tanya tara tarja tarmo taru tasos tatiana tatjana
tatu tauno ted tea teemu tekla telmo teodor teodora teodoro tereza teresa térèse terezia terhi terje terry tess tessa thaddäus
thais theo theodor theodora theodoros théo theofilos theres theresa therese thérèse thérèsa thibault thibaut thierry thies thijs
thilo thomas thorben thorbjørn thore thorsten tibor tiago tijana tiina till tilman tilo tim timea timo timon timothee timothy timur
tina tine tinne tiit tijl titta tito titus tjark tjaša tobias toby todor toivo tom tomas tomás tomasz tomaz tomaž tomáš tomeu tomi
tomislav tommaso tommi tommy ton tone toni tonia tonje tonny tony toomas topi tor torben tord tore torgeir torill torsten torunn
tove tracey tracy traian traudl tristan trine trinidad trond trudy truls trygve tudor tuija tullio tuomas tuomo tuula tycho tymon
tymoteusz tyra ubaldo udo ugnė ugo uko ulf ulla ulrich ulrik ulrika ulrike ulysse umberto una unai unni uno urban urmas urpo urs
ursel ursina urska urška ursula urszula urve usman ute uwe vaclav václav vadim vahur vaida vaidas vaidotas valdemar valdis
valentin valentina valentine valentino valeria valerie valérie valerio valery valter vanda vanesa vanessa vanja vanni vasco
vasil vasile vasileios vasiliki vasilis vassil vassilis veera veerle veiko veit vera vered verena veronica veronika véronique
veronique vesa vesna vessela vesselin vibeke vicenç vicent vicente vicky victor victoria vid vida vidar vidas vigdis viggo viivi
viktor viktoria viktorie viktorija vilborg vilém vilém ville vilhelm vilho viliam vilija vilma vilmos vincas vincent vincente vincenzo
viola violeta violetta violaine violette virgil virgilio virginia virginie virginija virve visnja višnja vita vital vitali
vitalie vitalij vitalijs vitaly vito vitomir vitor vítor vittoria vittorio viveca vivi vivian viviana viviane vivien vivienne
vlad vlado vladan vladimir vladimír vladislav vlasta vlatka voicu vojtech vojtěch volker volodymyr vuk vygantas vytautas vytenis
waldemar walter wanda warren wassim wawrzyniec wendel wendelin wendy werner wessel wiebke wiebe wieslaw wiesław wieslawa wiktor
wiktoria wilbert wilfried wilhelm wilhelmina wilhelmine willem willemijn william willibald willy wilma wim winfried winnie winston
witold wlodzimierz włodzimierz wojciech wolf wolfgang wolfram wouter xabi xabier xander xavi xavier xaviera xaver xenia ximena
xoan xose xosé xulia yael yaiza yan yana yann yannick yannis yasemin yasmin yasmina yasmine yavor ylva yoana yohan yolanda yolande
yordan yordanka york yulia yuri yusuf yves yvette yvon yvonne zacharias zaida zaiga zanda zane zbigniew zbyněk zdena zdenek zdeněk
zdenka zdravko zdzislaw zdzisław željka zeljka željko zeljko zenon zenonas zeynep zigmas zigmunds zita zlata zlatko zlatka zlatina zoe zoé
zofia zoi zoltan zoltán zora zoran zorana zorica zrinka zsofia zsófia zsolt zsuzsa zsuzsanna zuzana zuzanna zygmunt zvonimir
αθανάσιος αικατερίνη αλέξανδρος αλεξάνδρα αναστασία αναστάσιος ανδρέας άννα αντώνης απόστολος αργύρης βασίλης βασιλική γεωργία
γεώργιος γιάννης γιώργος δέσποινα δημήτρης δημήτριος δήμητρα ειρήνη ελένη ευαγγελία ευάγγελος ευγενία θανάσης θεόδωρος ιωάννα
ιωάννης κατερίνα κωνσταντίνα κωνσταντίνος κώστας λευτέρης μαρία μάριος μιχάλης μιχαήλ νίκος νικόλαος παναγιώτης παναγιώτα πέτρος
σοφία σπύρος σταύρος στέλιος στέφανος σωτήρης τάσος φωτεινή χαράλαμπος χρήστος χριστίνα χρύσα
александра александър александр алексей алина ана анастасия андрей анелия анна антон асен ася борис бойко борислав ваня василий
васил валентина валентин веселин вера виктор виктория владимир габриела галина георги григорий гергана даниел даниела денис
десислава димитър дмитрий добромир евгений егор екатерина елена емил зорница иван ивайло ивелина игор илия илья ирина йордан
йорданка калина камен катя кирил кирилл константин красимир кристина ксения лариса лидия любомир людмила максим маргарита мария
марина мартин милена мира михаил надежда наталья наталия невена николай никола огнян олег олга ольга павел павлина пенка
петър петр петя пламен полина радослав ралица росица румен светлана сергей силвия симеон софия станислав стефан стефка стоян
татьяна теодора тодор цветан цветелина христо юлия юрий явор яна ярослав олександр олена оксана тарас андрій іван марія сергій
юлія ігор дмитро наталія микола петро михайло
"""
GIVEN_NAMES: frozenset[str] = frozenset(plain(name) for name in _NAMES.split())
