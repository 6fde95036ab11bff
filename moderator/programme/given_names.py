"""Given names that are common in Europe and beyond: evidence that capitalised words are a person, never a condition."""

from __future__ import annotations

from .model import plain

_NAMES = """
aaron abdul abel abigail achim ada adam adela adele adelina adolfo adrian adriana adriano agata agnes agnese agnieszka
agustin ahmed aida aidan aiden aileen aina ainhoa aino aisha aitana aitor alain alan alba albert alberta alberto
albrecht aldo alejandra alejandro aleksandar aleksander aleksandra aleksei alena alessandra alessandro alessia alessio
alex alexander alexandra alexandre alexandros alexandru alexis alfons alfonso alfred alfredo ali alice alicia alina
aline alisa alison alojz aloïs alva alvaro amalia amanda amandine amaya amelia amelie amina amir amparo ana anabel
anais anastasia anastasios anaïs anca anders andor andras andre andrea andreas andreea andrei andrej andreja andres
andreu andrew andris andrius andrzej andy ane aneta angel angela angelica angelika angelina angelo angels angus aniko
anikó anita anja anke ann anna annabel annalisa anne anneke anneli annelies annemarie annette anni annika anouk ans
anselm anthony antje anton antonella antoni antonia antonin antonino antonio antonios antonis antti anu aoife
apostolos araceli arantxa archie ariane arianna arie aris arjan arkadiusz arlette armand armando armin arnau arnaud
arne arno arnold artem arthur artur arturo arturs arunas arvid arvo asa asier aslaug asta astrid asuncion ates
athanasios attila audrey august augustin augusto aurelia aurelie aurelien aurora austeja ava avril axel ayse babette
balazs balint baptiste barbara barbro barna bart bartek bartlomiej bartosz bas basile bastian bastien beata beate
beatrice beatriu beatriz begoña belen bella ben benedek benedetta benedict benedicte benedikt bengt benita benito
benjamin benoit benoît berit bernadette bernard bernardo bernat bernd bernhard bert berta bertrand beth betina bettina
bianca bibiana biljana birger birgit birgitta birgitte birthe bjarne björn bjørn blanca blanka blas blazej blaž bo bob
bogdan bogumil boguslaw bohdan bojan bojana bolette boris borja borut boryana bosko bozena božena brad bram branimir
branislav branka branko brenda brendan brian bridget brigita brigitta brigitte britt britta bruno bryan caitlin caj
calin calum camila camilla camille camilo candela caoimhe carina carl carla carles carlo carlos carlota carme carmela
carmelo carmen carol carola carole carolin carolina caroline carsten casper catalin catalina catarina caterina
catherine cathrine cathy cecile cecilia cecilie cedric celeste celia celine cesar cesare chantal charalampos charles
charlie charlotte chiara chloe chris christa christel christelle christian christiane christina christine christof
christoph christophe christopher christos cian ciara cindy ciprian ciro claire clara clare clarissa claude claudia
claudine claudio claus clemens clement clementine cliona clotilde clément colette colin colm concepcion concetta
conchita connor conor conrad constance constantin constantinos consuelo cora coralie corina corinna corinne cormac
cornel cornelia cornelis cornelius cosimo cosmin costas craig cristian cristiana cristiano cristina cristobal csaba
cyril cyrille czeslaw daan dace dafne dag dagmar dagmara dagny dainius daisy dalia dalibor damian damiano damien
damjan dan dana daniel daniela daniele daniella danielle danijel danilo danuta daphne daria dario darius dariusz darko
darragh dave david davide davor deborah declan deirdre delia delphine denis denisa denise dennis derek dermot desiree
desmond despina detlef devin diana diane didier diego dieter dietmar dietrich dilan dimitar dimitra dimitri dimitrios
dimitris dina dinis dino diogo dirk divna dobromir dolores dolors domenico domingo dominic dominik dominika dominique
donal donald donata donatas donatella dora dorin dorina doris dorota dorothea dorothee dorte dorthe douglas dovile
dragan dragana dries dubravka duncan dusan dušan dylan eamon eamonn ebba eberhard eckhard eddy edgar edgars edit edita
edith edmund edmundo edoardo eduard eduarda eduardo edvard edward edwin eero efstathios egbert egle eglė egon eija
eileen eimear einar eino eirik eirini ekaterina ekkehard elaine eleanor elena eleni eleonora eleonore elia elias elif
elin elina eline elio elisa elisabet elisabeta elisabeth elisabetta elise eliska eliza elizabeth eliška elke ella
ellen elli ellie elmar elodie eloi eloy elsa elsbeth else elvira elzbieta elżbieta emanuel emanuela emanuele emeric
emil emile emilia emiliano emilie emilio emily emine emir emma emmanuel emmanuelle endre eneko enno enric enrica
enrico enrique ensar eoin eric erica erich erik erika erkki erland erling ernest ernesto ernst ervin erwin esko
esperanza esteban estefania estel estela estelle ester estera esther estrella etienne ettore euan eugen eugene eugenia
eugenio eulalia eva evaldas evan evangelia evangelos evelien evelin evelina evelyn evert evi ewa ewald ewelina fabian
fabiana fabiano fabien fabienne fabio fabrice fabrizio fanny fatima fatma federica federico felicia felicitas felicity
felipe felix ferdinand ferenc fergal fergus fernanda fernando ferran fiachra fidel filip filipa filipe filippa filippo
filomena fintan fiona fionnuala flavia flavio flemming fleur floor flor florence florent florentina florian floriane
florin floris fran frances francesc francesca francesco francine francis francisca francisco franck franco francois
francoise franjo frank franka franz franziska françois françoise fred freddy frederic frederica frederick frederik
frederike frederique fredrik freek freya frida frieda friedrich frits fritz gabor gabriel gabriela gabriele gabriella
gabrielle gaelle gaetano galina gareth garrett gary gaspar gaston gauthier gavin gediminas gemma genevieve geneviève
geoff geoffrey geoffroy georg george georges georgeta georgi georgia georgiana georgina georgios gerald geraldine
gerard gerarda gerardo gerd gerda gergely gergő gerhard gerlinde german germán gerrit gert gertrud gertrude gesa
gesine geza giacomo giada giampaolo giancarlo gianfranco gianluca gianmarco gianna gianni giedre giedrė gilbert gilda
giles gill gilles gillian gina ginevra gino gintaras gintare gioia giorgia giorgio giorgos giovanna giovanni girts
gisela giselle gitte giulia giuliana giuliano giulietta giulio giuseppe giuseppina giusy gizem gladys glen glenn
gloria goffredo goncalo gonzalo gonçalo goran gordana gordon gorka gosia grace gracia graham grainne grant graziano
graziella grazyna grażyna greet greg gregor gregorio gregory greta gretchen griet grigore grigorios gro grzegorz
gráinne guadalupe gudrun guenther guglielmo guido guilhem guillaume guillem guillermo gunda gundula gunilla gunnar
gunta gustaf gustav gustavo guus guy gwen gwenaelle gwendoline gyorgy gyula györgy göran günter günther haakon hakan
halina hallvard hamza hana hanna hannah hanne hanneke hannele hannes hannu hans harald harriet harry hartmut hasan
hassan hazel heather hector hedda hedvig hedwig heidi heidrun heike heikki heiko heimo heiner heino heinrich heinz
helen helena helene helga helge helle helma helmut hendrik henk henna hennie henning henri henrietta henriette henrik
henrike henrique henry herbert heribert herman hermann hermine hernan herve hervé hilary hilda hilde hildegard hinrich
holger honorata honza horatiu horst hrvoje hubert hugh hugo hugues humberto hynek håkan iain ian iban ibrahim ida
idoia ieva ignacio ignacy ignas ignasi igor ikram ilan ilaria ildefonso ildiko ildikó ilias ilie iliyana ilka ilkka
illya ilona ilse ilze imanol imke imma immaculada imre ina inaki inara ines inesa inga inge ingeborg ingeburg ingemar
inger ingmar ingo ingrid ingrida ingvar inka inma inmaculada inés inês ioan ioana ioanna ioannis iolanda ion ionel
ionela ionut iordanis ira irena irene iria irina iris irma irmgard isa isaac isabel isabela isabell isabella isabelle
isaura isidora isidoro isidro ismael ismail istvan istván ita itziar iulia iulian iuliana ivan ivana ivar ivaylo
ivelina iveta ivette ivica ivo ivona iwan iwona izabela izaskun iñaki jaak jaakko jaana jaap jacek jacinta jack jackie
jacob jacobo jacqueline jacques jadranka jadwiga jaime jakob jakov jakub jamal james jamie jan jana jane janet janez
jani janice janina janine janis janko janna janne jannik jannis janos janusz jari jarkko jarle jarmila jarmo jaromir
jaroslav jaroslaw jasmin jasmina jasmine jasna jason jasper jaume javier jean jeanette jeanine jeanne jeannette jeff
jeffrey jelena jelle jenna jennifer jenny jens jeremie jeremy jeroen jerome jerry jerzy jesper jesse jessica jesus
jesús jette jill jillian jim jimmy jindrich jiri jitka jiří jo joachim joan joana joanna joanne joao joaquim joaquin
jochem jochen jodie joe joel joelle joep joerg johan johanna johannes john johnny jolanda jolanta jolita jonas
jonathan jone joni joost jordan jordi jorg jorge jorgen joris jorma jorn jos jose josee josef josefa josefin josefina
josefine josep josepa joseph josephine joshua josiane josip josu josé jovan jovana joyce joze jozef jozsef joão joëlle
jože juan juana juanita juanjo judit judith juha juhani juho jukka jules julia julian juliana juliane julie julien
julieta juliette julio julius juliusz jun juozas jurate jure jurgen jurgis jurgita juri juris jurriaan justin justina
justine justyna jutta juuso jyri jános jérôme józef józsef jörg jörn jørgen jürgen jānis jūratė kaarina kaarlo kacper
kai kaia kaisa kaj kaja kajetan kajsa kalina kalle kalliopi kamil kamila kamile kaori karel karen kari karim karin
karina karine karl karla karlis karlo karol karoliina karolina karoline karolis karsten kasia kaspar kasper kata
katalin katarina katarzyna kate katerina katharina katharine katherine kathleen kathrin kathryn kathy kati katia katie
katinka katja katka katre katri katrien katrin katrina katrine katy kay kazimierz keijo keith kelly ken kenneth kerli
kerstin kerttu kestutis ketil kevin khalid kieran kiki kiliaan kilian kim kimberly kinga kira kirill kirsi kirsten
kirsti kirstin kirsty kitty kjell kjersti klaas klara klaudia klaus klavs klemen knud knut koen koenraad koldo konrad
konstancja konstantin konstantina konstantinos konstanze kornel kornelia kostas kremena kris krisjanis krista kristel
kristen kristian kristiina kristijan kristin kristina kristine kristof kristoffer kristýna krisztian krisztina
krystian krystyna krzysztof kuba kurt kyle kylie kyriaki kyriakos käthe lada ladislav laetitia laia laila laimonas
lajos lambert lambros lana lara larisa larissa lars lasse laszlo laura laure laurence laurens laurent laurentiu lauri
lauriane laurits lavinia lazar lea leah leander leandro leen leena leif leila leire lejla lelia lena lenka lennart
lenny leo leokadia leon leona leonard leonardo leonhard leonie leonor leopold leopoldo leroy lesley leslie leszek
leticia leyla lia liam liana lidia lidija lidwien lieke liepa liesbeth lieselotte lieven liga liina liisa lili lilia
lilian liliana liliane lilla lilli lillian lilly lily lina linas linda line linnea lino linus lionel lisa lisbet
lisbeth lise liselotte lisette liudmila liv livia livio liviu ljiljana ljubica ljubomir llorenç lluc llucia lluis
lluís loes loic lola lolita lone lonneke lorena lorene lorenz lorenza lorenzo loreta loretta lorna lorraine lothar
lotta lotte lotten louis louisa louise lourdes loïc luan luana lubomir lubomira luboš luc luca lucas luce lucia lucian
luciana luciano lucie lucien lucienne lucija lucila lucrecia lucy lucyna lucía ludger ludivine ludmila ludovic
ludovica ludovico ludvig ludwig ludwika luigi luigia luis luisa luise luiz luka lukas lukasz luke lutz luuk luz luzia
luís lydia lydie lyn lynn lászló līga maaike maarit maarja maarten maartje maciej madeleine madlen mads mafalda magali
magda magdalena magdalene maggie magne magnhild magnus maguelone mai maia maialen maija maike mair maire mairead maite
maixent maja maka makis malcolm malene malgorzata mali malin malte malwina mandy manel manfred manolis manon manos
mantas manuel manuela mar mara marc marcel marcela marceli marcella marcello marcelo marcin marco marcos marcus marek
maren marga margaret margareta margarete margaretha margarida margarita margaux marge margherita margit margot
margreet margrethe margriet marguerite mari maria mariam marian mariana mariane marianna marianne mariano maribel
marie marieke mariel mariella mariette marija marijana marijke marijus marika marike mariken marilena marilyn marin
marina marine marinella marino marinos marinus mario mariola marion marios maris marisa marisol marit marita marite
marius mariusz mariya marja marjan marjana marjatta marjo marjolein marjorie mark marketa markku marko markus markéta
marleen marlena marlene marlies marloes marlon mart marta marte marten martha marthe marti martin martina martine
martino martins marton martta martí marvin mary mary-ann maryam maryse marzena maría mascha massimiliano massimo mate
matea matej mateja mateo mateu mateusz mathias mathieu mathijs mathilda mathilde mati matias matic matija matilda
matilde matt matteo matthew matthias matthieu matthijs matti mattia mattias matus matyas matúš maud maura maureen
maurice mauricio maurits maurizio mauro max maxim maxime maximilian maximiliano maya małgorzata mechthild mehmet meike
melania melanie melina melinda melissa menno merce mercedes mercè meri merike merja mert merve meta mette mia micaela
michael michaela michail michal michaël michał michel michela michelangelo michele michelle michiel michèle mick
mieczyslaw miek mieke mientje miguel miha mihaela mihai mihail mihails mihaly mihkel mihály miika miikka miira mika
mikael mikaela mike mikel mikk mikkel mikko miklos miklós mikolaj mikołaj mikulas mila milada milan milana milda mile
milena milica miljenko milla millie milos miloslav milosz miloš mima mimi mina mindaugas minna mira miranda mircea
mireia mireille mirela mirella miren mireya miriam mirja mirjam mirjana mirka mirko miroslav miroslava miroslaw mislav
mitja mladen modesta mohamed mohammed moira mojca molly mona moni monica monika monique montse montserrat morag
morgane moritz morten muhammad muriel murielle mustafa myles myriam myrto máire mária márton mátyás máté märten māris
nacho nada nadezhda nadia nadine nadja naia naiara naim nancy naoise naomi narcis naroa natacha natalia natalie
natalija natascha natasha nathalie nathan nayara neil nela nelly nelson nena nenad nerea nerijus neringa nestor neus
neven nevena niall niamh nicholas nick nicky nico nicodemo nicola nicolaas nicolae nicolai nicolas nicole nicoleta
nicoletta nicolo nicolò niek niels nieves nigel niina niki nikita niklas niko nikola nikolai nikolaj nikolaos nikolas
nikolaus nikolay nikoleta nikolina nikos nils nina ninon noa noah noe noel noelia noelle noemi noemie nona nora norah
norbert nordahl noreen norma norman normunds noémie noëlle nuno nuria nuutti núria oana octave octavia octavian
octavio oddvar odette odile odin oihana oihane oisin ola olaf olav ole oleg oleksandr oleksandra oleksii olena olga
olimpia olimpiu oliver olivera olivia olivier olivija olle olli olof oluf omar onno oona orestis oriol orla ornella
orsolya ortrud ortwin oscar oskar oskars osman oswald otmar ottavia ottilie otto otylia outi ove ovidiu owen paavo
pablo paco padraic padraig paloma pamela panagiota panagiotis pantelis paola paolo pascal pascale pasi pasqual
pasquale patric patrice patricia patricio patrick patrik patrizia patrycja patryk pau paul paula paulette paulien
paulina pauline paulino paulius paulo pavel pavla pavle pavlina pavlos pavol pawel paweł peadar pedro peer peeter
peggy peio pekka penelope penka penny pentti pep per percy pere perla pernilla pernille perrine pertti pet peta petar
peter peteris petko petr petra petras petri petronella petros petru petruta petya phil philip philipp philippa
philippe philippos phoebe pia piera pierluigi piero pierre piers piet pieter pieternel pietro pilar pille pim piotr
piret pirjo pirkko plamen plamena pol polina polly polona pontus povilas preben predrag priit primoz primož priscilla
przemyslaw przemysław pádraig péter quentin quim quintin quirin rachel rade radek radim radka radko radmila rado
radomir radoslav radoslaw radosław radovan radu rafael rafaela rafaella rafal rafał raffaela raffaele raffaella ragna
ragnar ragnhild rahel raija raili raimo raimon raimonda raimondo raimonds raimund rainer raisa ralf ralitsa ralph
ramon ramona ramunas ramunė ramón randi raphael raphaela raphaelle raphaël raquel rasa rasmus raul raymond rayna raúl
rebeca rebecca rebeka reetta regimantas regina regine regis reidar reidun reijo reima reiner reinhard reinhold reinier
reinis remco remedios remi remigiusz remo remy renaat renaldas renars renata renate renato renaud rene renee renske
rené renée ria ricard ricarda ricardas ricardo riccarda riccardo richard rick rico rieke riikka riina riitta rik rika
rikard rikke rima rimantas rimvydas rina rinaldo risto rita ritva robbert robby robert roberta roberto roberts robin
robrecht rocco rocio rocío roderick rodolfo rodrigo roel roeland roelof rogelio roger rogier rok roland rolando
rolands rolf romain roman romana romane romano romas romeo romina romuald romualdas ron ronald ronan ronja ronny rory
rosa rosaleen rosalia rosalie rosalind rosanna rosario rose rosemarie rosemary roser rosita rosmarie ross rossana
rossella rossen rossitza roswitha roxana roxane roy roza rozalia rozenn ruben rubén rudi rudiger rudolf rudolph rudy
rui rumen rumiana runa rune rupert rut ruta ruth ruud ruxandra ruzica ryan ryszard régis rémi rüdiger rūta saara saber
sabin sabina sabine sabrina sacha sadie saila saioa saku salah salla sally salome salomé salvador salvatore sam
samantha sami samir sampo samu samuel samuela samuele samuli sanda sander sandie sandor sandra sandrine sandro sandy
sanela sanja sanna sanne santa santeri santi santiago santos sara sarah sari sarita sarunas sascha sasha saskia saul
saulius savvas saša scott sean sebastian sebastiano sebastien sebestyén selena selina selma semir senka sepp seppo
serafina seraina serena serge sergei sergej sergi sergio sergiu sergiusz severin severina severine seán shane shannon
sharon shaun shauna sheila shirley sian siard sibylle sidonie siegfried sieglinde siem siew sif signe sigrid sigurd
siim siiri silke silva silvan silvana silvano silvester silvia silvie silvija silvio silviu sima simas simeon simo
simon simona simonas simone simonetta simonne sina sinead siniša sinéad siobhan siobhán siri sirje sirkka sirpa siv
siw sixten slavka slavko slavomir slawomir snezana snežana soeren sofia sofie sofija sofía soile soledad solenne
solveig solvita sonia sonja sonya sophia sophie sophus soraya soren sorin sorina sotirios spela spiros spyridon spyros
srdjan stacey stan stanimir stanislas stanislav stanislaw stanisław stanko stasys stavros stefan stefania stefanie
stefano stefanos stefen steffen steffi stefán steinar stelian stelios stella sten stepan stephan stephane stephanie
stephen sterre steve steven stig stijn stina stine stipe stjepan stoyan stuart stéphane stéphanie sue suellen sulev
susan susana susanna susanne suvi suzana suzanne suzette svante svein sven svend svenja svetla svetlana svetlin
svetoslav swantje sybille sylvain sylvaine sylvana sylvester sylvia sylvie sylwester sylwia szabolcs szilvia szymon
sándor sébastien séverine sílvia søren sławomir tadas tadej tadeusz tage taina taisto tajana tamara tamas tamás tanel
tania tanja tanya tara tarja tarmo taru tasos tatiana tatjana tatu tauno tea ted teemu tekla telmo teodor teodora
teodoro teresa tereza terezia terhi terje terry tess tessa thaddäus thais theo theodor theodora theodoros theofilos
theres theresa therese thibault thibaut thierry thies thijs thilo thomas thorben thorbjørn thore thorsten théo thérèsa
thérèse tiago tibor tiina tiit tijana tijl till tilman tilo tim timea timo timon timothee timothy timur tina tine
tinne tito titta titus tjark tjaša tobias toby todor toivo tom tomas tomasz tomaz tomaž tomeu tomi tomislav tommaso
tommi tommy tomás tomáš ton tone toni tonia tonje tonny tony toomas topi tor torben tord tore torgeir torill torsten
torunn tove tracey tracy traian traudl trine trinidad tristan trond trudy truls trygve tudor tuija tullio tuomas tuomo
tuula tycho tymon tymoteusz tyra térèse ubaldo udo ugnė ugo uko ulf ulla ulrich ulrik ulrika ulrike ulysse umberto una
unai unni uno urban urmas urpo urs ursel ursina urska ursula urszula urve urška usman ute uwe vaclav vadim vahur vaida
vaidas vaidotas valdemar valdis valentin valentina valentine valentino valeria valerie valerio valery valter valérie
vanda vanesa vanessa vanja vanni vasco vasil vasile vasileios vasiliki vasilis vassil vassilis veera veerle veiko veit
vera vered verena veronica veronika veronique vesa vesna vessela vesselin vibeke vicent vicente vicenç vicky victor
victoria vid vida vidar vidas vigdis viggo viivi viktor viktoria viktorie viktorija vilborg vilhelm vilho viliam
vilija ville vilma vilmos vilém vincas vincent vincente vincenzo viola violaine violeta violetta violette virgil
virgilio virginia virginie virginija virve visnja vita vital vitali vitalie vitalij vitalijs vitaly vito vitomir vitor
vittoria vittorio viveca vivi vivian viviana viviane vivien vivienne višnja vlad vladan vladimir vladimír vladislav
vlado vlasta vlatka voicu vojtech vojtěch volker volodymyr vuk vygantas vytautas vytenis václav véronique vítor
waldemar walter wanda warren wassim wawrzyniec wendel wendelin wendy werner wessel wiebe wiebke wieslaw wieslawa
wiesław wiktor wiktoria wilbert wilfried wilhelm wilhelmina wilhelmine willem willemijn william willibald willy wilma
wim winfried winnie winston witold wlodzimierz wojciech wolf wolfgang wolfram wouter włodzimierz xabi xabier xander
xaver xavi xavier xaviera xenia ximena xoan xose xosé xulia yael yaiza yan yana yann yannick yannis yasemin yasmin
yasmina yasmine yavor ylva yoana yohan yolanda yolande yordan yordanka york yulia yuri yusuf yves yvette yvon yvonne
zacharias zaida zaiga zanda zane zbigniew zbyněk zdena zdenek zdenka zdeněk zdravko zdzislaw zdzisław zeljka zeljko
zenon zenonas zeynep zigmas zigmunds zita zlata zlatina zlatka zlatko zoe zofia zoi zoltan zoltán zora zoran zorana
zorica zoé zrinka zsofia zsolt zsuzsa zsuzsanna zsófia zuzana zuzanna zvonimir zygmunt àngels åsa étienne ögmundur
łukasz šarūnas špela željka željko άννα αθανάσιος αικατερίνη αλέξανδρος αλεξάνδρα αναστάσιος αναστασία ανδρέας αντώνης
απόστολος αργύρης βασίλης βασιλική γεωργία γεώργιος γιάννης γιώργος δέσποινα δήμητρα δημήτρης δημήτριος ειρήνη ελένη
ευάγγελος ευαγγελία ευγενία θανάσης θεόδωρος ιωάννα ιωάννης κατερίνα κωνσταντίνα κωνσταντίνος κώστας λευτέρης μάριος
μαρία μιχάλης μιχαήλ νίκος νικόλαος πέτρος παναγιώτα παναγιώτης σοφία σπύρος στέλιος στέφανος σταύρος σωτήρης τάσος
φωτεινή χαράλαμπος χρήστος χριστίνα χρύσα александр александра александър алексей алина ана анастасия андрей андрій
анелия анна антон асен ася бойко борис борислав валентин валентина ваня васил василий вера веселин виктор виктория
владимир габриела галина георги гергана григорий даниел даниела денис десислава димитър дмитрий дмитро добромир
евгений егор екатерина елена емил зорница ивайло иван ивелина игор илия илья ирина йордан йорданка калина камен катя
кирил кирилл константин красимир кристина ксения лариса лидия любомир людмила максим маргарита марина мария мартин
марія микола милена мира михаил михайло надежда наталия наталья наталія невена никола николай огнян оксана олга олег
олександр олена ольга павел павлина пенка петр петро петър петя пламен полина радослав ралица росица румен светлана
сергей сергій силвия симеон софия станислав стефан стефка стоян тарас татьяна теодора тодор христо цветан цветелина
юлия юлія юрий явор яна ярослав іван ігор
"""
GIVEN_NAMES: frozenset[str] = frozenset(plain(name) for name in _NAMES.split())
