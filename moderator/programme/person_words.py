"""Words about people: honorifics, particles, and the words that show that something is no person's name. Data."""

from __future__ import annotations

from .model import plain


def _set(words: str) -> frozenset[str]:
    return frozenset(plain(w) for w in words.split())


# Compared without their full stops.
HONORIFICS = _set(
    "mr mrs ms miss mx messrs dr drs prof professor sir dame lord rev hon madam sen mep mp he "
    "herr frau hr fr fräulein dipl-ing dipling dipl dr-ing ing mag di dkfm univ-prof univprof priv-doz pd apl habil hc rer nat phil med iur oec "
    "mme mlle mm monsieur madame mademoiselle me maître "
    "sr sra srta sres don doña dona dña señor señora excmo excma dra profa eng engª exmo exma "
    "sig sigra signor signora signore dott dottssa dottor dottoressa avv arch on profssa cav "
    "dhr mevr mw heer mevrouw mijnheer ir mr-drs "
    "pan pani pana mgr inż hab "
    "bc mudr judr phdr rndr csc paní slečna doc "
    "dl dna domnul doamna d-l d-na "
    "fru herrn hra rva neiti "
    "gdin gđa gospodin gospođa gospa gospod "
    "κος κα κύριος κυρία καθ δρ καθηγητής καθηγήτρια г-н г-жа господин госпожа проф д-р др доц инж пан пані "
    "commissioner minister ambassador senator rector mayor"
)
# Single letters are honorifics only before a given name and another word: "M. Jean Dupont", but "M. Dupont" is an initial.
LETTER_HONORIFICS = _set("m d p g s κ γ")
POST_NOMINALS = _set("phd ph.d dphil md msc mba meng ma ba bsc cbe obe mbe esq jr sr llm frs mep dsc ceng csc dba")
PARTICLES = _set(
    "de del della dello delle degli dei di da do dos das du des la le las los lo van von vom zu zum zur den der het ten ter "
    "te 't af av y i e bin ibn al el ben ter op 'd d' l' in san santa st mac mc o' dalla dal dall' d'"
)
JOINERS = "and|&|\\+|und|et|y|e|i|en|og|och|ja|oraz|i|a|és|și|și|in|ir|un|και|и|та|eta|kaj"

# Any of these, whatever stands before it, and the words are an organisation, a place or a thing.
ORGANISATIONS = _set(
    "region regional regions regio región região regione région county province provincia land city town municipality comune "
    "council counsel committee commission comisión commissione ministry ministerio ministero ministère ministerium "
    "ministerstwo department departament dipartimento departamento abteilung directorate dg office oficina büro bureau agency agència agencia agenzia "
    "agence agentur agentschap agencja authority authorities government govern gobierno governo parliament parlament "
    "university universität universitat universidad universidade università université universiteit uniwersytet univerzita "
    "univerza sveučilište universitet yliopisto egyetem universitatea college school faculty academy academia akademie "
    "institute institut instituto istituto instytut instituut centre center centro zentrum centrum laboratory lab labs "
    "foundation fundación fundació fundação fondazione fondation stiftung stichting fundacja association asociación associació "
    "associação associazione verband verein vereniging stowarzyszenie union federation federación federazione federatie "
    "confederation alliance alianza alleanza allianz network netzwerk rete réseau netwerk sieć hub cluster clusters clúster "
    "platform plattform plataforma consortium consorzio consorcio group gruppe grupo gruppo groep company corporation corp "
    "inc ltd limited llc gmbh ag kg se sa spa srl sl slu bv nv sp zoo oy ab as aps kft sro plc sas sarl ev "
    "bank bankia banco banca banque authority board chamber cámara cambra camera handelskammer kamer forum society "
    "gesellschaft sociedad società société partners partnership solutions technologies technology systems services consulting "
    "consultancy energy energies chemicals industries industry industrie industria pharma holding international europe "
    "european europea europeo europäische européenne europese national nacional nazionale nationale global world "
    "polytechnic politecnico politècnica politècnico polytechnique xunta generalitat junta diputación diputació ayuntamiento "
    "ajuntament gemeinde kreis bundes bundesministerium landes senat fraunhofer helmholtz csic cnrs inserm cnr tno vito imec "
    "sintef vtt tecnalia eurecat leitat acció ecrn jrc eib eu un oecd unesco who nato interreg horizon "
    "team project projekt proyecto projecte progetto projet programme program programa initiative working workshop room sala "
    "saal zoom teams online street square building museum library biblioteca hospital clinic press media journal magazine "
    "lombardy catalonia catalunya cataluña limburg flanders vlaanderen wallonia bavaria bayern saxony hessen nordrhein westfalen "
    "galicia andalucía andalusia asturias aragón navarra euskadi basque lombardia piemonte toscana veneto puglia sicilia emilia-romagna "
    "occitanie bretagne normandie auvergne aquitaine île-de-france provence brandenburg baden-württemberg mazovia mazowsze "
    "silesia śląsk belgium belgique belgië germany deutschland france spain españa espanya italy italia portugal netherlands "
    "nederland poland polska austria österreich greece ireland finland sweden denmark norway czechia slovakia slovenia croatia "
    "hungary romania bulgaria estonia latvia lithuania luxembourg malta cyprus switzerland schweiz ukraine kingdom republic "
    "brussels bruxelles brussel barcelona madrid paris berlin london"
)
# Common words of titles: a name may hold one of them as its last word when the first is a known given name ("Anna Green").
TOPICS = _set(
    "the a an our your their this that these what how why when where who which for from into about with without at on by to "
    "is are was be can could will would should do does has have not no more less new next first last "
    "and or but in of it its we you they as vs versus via per "
    "action actions agenda agreement analysis answers application applications approach artificial assessment audience bioeconomy "
    "best better big bio biogas biomass blue brief building business capital carbon case cases chain chains challenge challenges "
    "change chemical chemistry circular circularity clean climate closing cloud coffee common communication community competition "
    "concept conclusions cooperation coordination cost costs critical culture data deal deals debate decarbonisation demand "
    "deep design development digital digitalisation discussion disruption district diversity document economic economy ecosystem "
    "education efficiency electric emissions end environment environmental evidence examples experience experiences export fashion "
    "final finance financing fireside first flow food forest forward framework fresh fund funding future gas general good "
    "governance grants green greening grid growth hard health heat heating heavy high history hope human hydrogen idea ideas impact "
    "implementation industrial infrastructure innovation innovations innovative inside instruments intelligence interregional "
    "investment investments introduction issue issues job jobs joint key keynote knowledge lab labour law leadership learned learning "
    "lesson lessons life light live lunch local logistics low machine making management manufacturing market markets material "
    "materials measures meeting methods mission mobility model models moving nature needs net networking observations ocean open opening "
    "opportunities opportunity outlook overview packaging panel paper paths pathways payments people perspective perspectives phase "
    "pilot pilots plan plans plant plastic plastics policy policies power practice practices preliminary presentation private "
    "process processes procurement product production products projects public pump pumps questions rail ready real recycling "
    "regulation remarks renewable renewables report research resilience resource resources results review risk risks road "
    "roadmap rules safe safety scale scaling science sea second sector security session service shared shipping short showcase "
    "situation skills small smart social software solar solution sorting special specialisation stage standards start state "
    "status steel steps storage stories story strategic strategy strategies study success successful summary supply support "
    "sustainable sustainability system talk target targets taxation tech test textile textiles thermal third time tools topic towards "
    "trade training transfer transformation transition transport trends twin twins update urban use value valley valleys valorisation "
    "view views vision vote waste water way ways welcome wind wood work workflow world wrap young your zero introductory closed "
    "heatwave break coal nuclear battery batteries cell cells fuel fuels hall "
    "agua aire aplicación apertura barrera bienvenida buenas cadena cadenas café caso casos cerca cerrado cierre ciencia clima "
    "compra comprar conclusiones cooperación datos debate desafíos desarrollo economía empleo energía energías estrategia "
    "estrategias experiencia experiencias éxito financiación futuro hidrógeno hoy industrial industriales innovación inteligencia "
    "introducción inversión mañana mar materiales medio mejores mercado mercados mesa modelo moderador moderadora nueva nuevas nuevo nuevos oportunidades "
    "pausa plan políticas ponencia ponente prácticas presentación primera primeros productos próximos preguntas pública público "
    "reciclaje redes redonda residuos resultados retos salud segunda sesión social sociales sostenible tecnología transición "
    "trabajo valor verde verdes vivienda economia circular dades recerca salut aigua "
    "accueil avenir chaîne chaînes chimie climat croissance débat défis développement durable eau échange énergie enjeux étape "
    "étude expériences financement formation hydrogène industriel industrielle innovations marché marchés matériaux mot "
    "nouveau nouveaux nouvelle nouvelles numérique ouverture perspectives politique politiques pratiques première prochaines "
    "recherche recyclage résultats retour santé séance stratégie table ronde témoignage transports travail valeur vert verte ville villes "
    "abfall abschluss aktuelle anwendung arbeit aufbau ausblick begrüßung beispiel beispiele bericht bildung blick chancen chemie "
    "daten debatte digitale diskussion einführung energie energiewende entwicklung erfahrungen ergebnisse erste ersten eröffnung "
    "ethik fachkräfte fazit folgen fördermittel forschung fragen fragerunde gemeinsame gesellschaft gesundheit große grosse grüne "
    "grüner grünes gute handel heute impuls industrielle kaffee kaffeepause klima klimaschutz konzept kreislauf kreislaufwirtschaft künstliche "
    "letzte lösungen märkte markt maßnahmen materialien mittagspause mobilität moderne morgen nächste nachhaltige nachhaltigkeit neue neuen neuer "
    "neues offene öffentliche pause perspektive plenum podium politik potenziale praxis produkte programm projekte recht "
    "regeln rolle runde schlusswort schritte sektor sicherheit stand städte strategie strategien strom studie "
    "tagesordnung technologie technologien teil thema themen transformation umwelt unternehmen verkehr vision vortrag wandel "
    "wärme wasser wasserstoff weg wege weiterbildung welt werkstoffe wert wertschöpfung wirtschaft wissen wohnen ziele zukunft zusammenarbeit "
    "acqua aperto apertura benvenuto buone catena cibo città clima comune crescita dati dibattito domande economia ecologica "
    "energetica filiera finanziamento futuro idrogeno imprese innovazione intelligenza lavoro mercato nuova nuove nuovi nuovo "
    "opportunità pausa politiche prossimi pratiche ricerca rifiuti risultati sfide sociale sostenibile sostenibilità strategia "
    "sviluppo tavola rotonda tecnologia transizione valore verde "
    "afsluiting circulaire duurzame duurzaamheid energietransitie gezondheid kansen keten ketens koffie landbouw nieuwe "
    "onderzoek opening pauze praktijk samenwerking slotwoord toekomst uitdagingen verduurzaming vragen waarde waterstof welkom "
    "dyskusja energia gospodarka innowacje nowe otwarcie podsumowanie powitanie przerwa przyszłość pytania rozwój "
    "rynek strategia wodór współpraca zakończenie zielona zielony "
    "abertura água boas cadeias desafios desenvolvimento encerramento energia inovação mercado novas novo oportunidades "
    "pausa perguntas práticas projeto resíduos saúde sustentável transição trabalho valor "
    "συζήτηση διάλειμμα ενέργεια μέλλον ανάπτυξη καινοτομία πράσινη οικονομία дискусия почивка енергия бъдеще иновации "
    "зелена икономика развитие"
)
# Endings of words that are things, not names (plain form); the word must be longer than the ending by three letters.
TOPIC_ENDINGS: tuple[str, ...] = tuple(
    plain(
        "tion tions ment ments ness ity ities ship ance ence ing ings ics ism ware logy logies ology graphy able ible tional "
        "tive tives tung dung gung kung lung mung nung rung sung zung heit keit schaft schaften ierung isierung ismus "
        "ität logie logien ische ischer isches ischen liche licher liches ción ciones sión siones dad dades miento mientos logía "
        "zione zioni mento menti logia tà ção ções dade mento tion atie heid teit ering acja cja ość anie enie ización "
        "ización technik wirtschaft politik projekt programm system systeme netz plan"
    ).split()
)
# Endings that only surnames have: as good as a known given name.
SURNAME_ENDINGS: tuple[str, ...] = tuple(
    plain(
        "ová ska ski cka cki dzki wicz wska wski czyk ssen sson sen dottir dóttir vić ović ević escu eanu enko chuk czuk "
        "poulos poulou idis iadis akis aki ellis oğlu oglu ínez ández éndez énez értez rsen nsen lsen dsen ainen onen nen "
        "шки ски ска ова ова ев ева ович енко чук ов όπουλος οπούλου ίδης άκης shvili dze berger hofer maier huber"
    ).split()
)
UNKNOWN_PHRASES = frozenset(
    plain(w)
    for w in (
        "tbc|tba|tbd|tbd.|n.n.|nn|n/a|-|–|—|to be confirmed|to be announced|speaker tbc|speaker to be confirmed|por confirmar|"
        "a confirmar|per confirmar|a definir|da confermare|da definire|à confirmer|à définir|noch offen|angefragt|wird noch bekannt gegeben|"
        "nog te bevestigen|n.t.b.|do potwierdzenia|bude upřesněno|(tbc)|[tbc]|none|..."
    ).split("|")
)

# Places of two words and more that look like names.
PLACES = frozenset(
    plain(w)
    for w in (
        "emilia romagna|castilla y león|castilla la mancha|castilla-la mancha|san sebastián|san marino|santa cruz|las palmas|"
        "la rioja|país vasco|comunidad valenciana|friuli venezia giulia|trentino alto adige|valle d'aosta|nouvelle aquitaine|"
        "pays de la loire|grand est|hauts de france|île de france|baden württemberg|sachsen anhalt|mecklenburg vorpommern|"
        "rheinland pfalz|nordrhein westfalen|noord brabant|noord holland|zuid holland|oost vlaanderen|west vlaanderen|"
        "dolný kubín|west pomerania|lower saxony|upper austria|lower austria|alentejo central|santiago de compostela|"
        "san francisco|los angeles|san diego|new york|saint gobain|rio tinto|banco santander|la caixa|van oord|de nora|"
        "dow benelux|solvay rhodia|marie curie|jean monnet|horizon europe|max planck|leonardo da vinci|juan carlos iii|carlos iii"
    ).split("|")
)
