"""Word lists in the languages of Europe: months, weekdays, kinds of slots, roles, column headings. Data, no rules.

Everything is compared through `plain` (lower case, no accents), so each word stands here once, as it is written.
"""

from __future__ import annotations

from moderator.domain.agenda import Kind

from .model import plain

_MONTHS = (
    "january jan janvier janv januar jänner jän enero ene gener gen janeiro xaneiro gennaio januari styczeń "
    "stycznia sty "
    "leden ledna január januára januarja siječanj siječnja január ianuarie ian tammikuu tammikuuta jaanuar jaanuaril "
    "janvāris janvārī sausis sausio ιανουάριος ιανουαρίου януари января січня urtarrila urtarrilaren eanáir "
    "jannar ocak",
    "february feb février févr fév februar feber febrero febrer fevereiro fev febreiro febbraio febbr februari "
    "luty lutego "
    "únor února február februára februarja veljača veljače februarie helmikuu helmikuuta veebruar veebruaril "
    "februāris "
    "februārī vasaris vasario φεβρουάριος φεβρουαρίου февруари февраля лютого otsaila otsailaren feabhra frar şubat",
    "march mar mars märz mrz marzo març março maart marzec marca brezen března marec ožujak ožujka március martie "
    "maaliskuu maaliskuuta märts märtsil marts martā kovas kovo μάρτιος μαρτίου март марта березня martxoa "
    "martxoaren márta "
    "marzu mart",
    "april apr avril avr abril abr aprile kwiecień kwietnia duben dubna apríl apríla aprila travanj travnja "
    "április aprilie "
    "huhtikuu huhtikuuta aprill aprillil aprīlis aprīlī balandis balandžio απρίλιος απριλίου април апреля квітня "
    "apirila "
    "apirilaren aibreán nisan",
    "may mai mayo maig maio maggio magg mei maj maja květen května máj mája svibanj svibnja május toukokuu "
    "toukokuuta "
    "mail maijs maijā gegužė gegužės μάιος μαΐου май мая травня maiatza maiatzaren bealtaine mejju mayıs",
    "june jun juin juni junio juny junho xuño giugno giu czerwiec czerwca červen června jún júna junij junija "
    "lipanj lipnja "
    "június iunie kesäkuu kesäkuuta juuni juunil jūnijs jūnijā birželis birželio ιούνιος ιουνίου юни июня червня "
    "ekaina "
    "ekainaren meitheamh ġunju haziran",
    "july jul juillet juil juli julio juliol julho xullo luglio lug lipiec lipca červenec července júl júla "
    "julij julija "
    "srpanj srpnja július iulie heinäkuu heinäkuuta juuli juulil jūlijs jūlijā liepa liepos ιούλιος ιουλίου юли "
    "июля липня "
    "uztaila uztailaren iúil lulju temmuz",
    "august aug août aout agosto ago agost augustus sierpień sierpnia srpen srpna augusta avgust avgusta kolovoz "
    "kolovoza "
    "augusztus elokuu elokuuta augustil augusts augustā rugpjūtis rugpjūčio αύγουστος αυγούστου август августа "
    "серпня "
    "abuztua abuztuaren lúnasa awwissu ağustos augusti",
    "september sep sept septembre septiembre set setembre setembro settembre sett wrzesień września září "
    "septembra rujan "
    "rujna szeptember septembrie syyskuu syyskuuta septembril septembris septembrī rugsėjis rugsėjo σεπτέμβριος "
    "σεπτεμβρίου септември сентября вересня iraila irailaren meán settembru eylül",
    "october oct octobre oktober okt octubre outubro out ottobre ott październik października říjen října "
    "október októbra "
    "oktobra octombrie lokakuu lokakuuta oktoober oktoobril oktobris oktobrī spalis spalio οκτώβριος οκτωβρίου "
    "октомври октября жовтня urria urriaren deireadh ottubru ekim",
    "november nov novembre noviembre novembro listopad listopada novembra studeni studenoga noiembrie "
    "marraskuu marraskuuta novembril novembris novembrī lapkritis lapkričio νοέμβριος νοεμβρίου ноември ноября "
    "листопада "
    "azaroa azaroaren samhain novembru kasım",
    "december dec décembre déc dezember dez diciembre dic desembre des dezembro dicembre grudzień grudnia "
    "prosinec prosince "
    "decembra prosinac prosinca decembrie joulukuu joulukuuta detsember detsembril decembris decembrī gruodis "
    "gruodžio "
    "δεκέμβριος δεκεμβρίου декември декабря грудня abendua abenduaren nollaig diċembru aralık desember",
)
MONTHS: dict[str, int] = {plain(w): n for n, words in enumerate(_MONTHS, 1) for w in words.split()}

_WEEKDAYS = (
    "monday mon montag lundi lunes dilluns segunda luns lunedì maandag poniedziałek pondělí pondelok ponedeljek "
    "ponedjeljak hétfő luni maanantai maanantaina esmaspäev pirmdiena pirmadienis mandag måndag δευτέρα понеделник "
    "понедельник понеділок astelehena",
    "tuesday tue tues dienstag mardi martes dimarts terça martedì dinsdag wtorek úterý utorok torek utorak kedd "
    "marți "
    "tiistai tiistaina teisipäev otrdiena antradienis tirsdag tisdag τρίτη вторник вівторок asteartea",
    "wednesday wed mittwoch mercredi miércoles dimecres quarta mércores mercoledì woensdag środa středa streda sreda "
    "srijeda szerda miercuri keskiviikko keskiviikkona kolmapäev trešdiena trečiadienis onsdag τετάρτη сряда "
    "среда середа "
    "asteazkena",
    "thursday thu thur thurs donnerstag jeudi jueves dijous quinta xoves giovedì donderdag czwartek čtvrtek štvrtok "
    "četrtek četvrtak csütörtök joi torstai torstaina neljapäev ceturtdiena ketvirtadienis torsdag πέμπτη четвъртък "
    "четверг четвер osteguna",
    "friday fri freitag vendredi viernes divendres sexta venres venerdì vrijdag piątek pátek piatok petek petak "
    "péntek "
    "vineri perjantai perjantaina reede piektdiena penktadienis fredag παρασκευή петък пятница пятниця ostirala",
    "saturday sat samstag sonnabend samedi sábado dissabte sabato zaterdag sobota subota szombat sâmbătă lauantai "
    "lauantaina laupäev sestdiena šeštadienis lørdag lördag σάββατο събота суббота субота larunbata",
    "sunday sun sonntag dimanche domingo diumenge domenica zondag niedziela neděle nedeľa nedelja vasárnap duminică "
    "sunnuntai sunnuntaina pühapäev svētdiena sekmadienis søndag söndag κυριακή неделя воскресенье неділя igandea",
)
WEEKDAYS: dict[str, int] = {plain(w): n for n, words in enumerate(_WEEKDAYS) for w in words.split()}

_KINDS: dict[Kind, str] = {
    "welcome": (
        "welcome|welcoming|opening|opening remarks|opening words|greetings|registration and welcome|doors open|"
        "check-in|"
        "bienvenida|bienvenidos|apertura|inauguración|saludo|saludos|acto de apertura|benvinguda|obertura|salutació|"
        "boas-vindas|boas vindas|abertura|saudação|benvida|benvenuto|benvenuti|saluti|indirizzi di saluto|"
        "accueil|bienvenue|ouverture|mot d'accueil|mot de bienvenue|mots d'accueil|allocution de bienvenue|"
        "willkommen|begrüssung|begrüßung|eröffnung|grussworte|grußworte|grusswort|grußwort|"
        "welkom|welkomstwoord|verwelkoming|powitanie|otwarcie|powitanie uczestników|přivítání|uvítání|zahájení|"
        "úvodní slovo|"
        "privítanie|otvorenie|dobrodošli|dobrodošlica|pozdrav|otvaranje|dobrodošlica|pozdravni nagovor|"
        "üdvözlés|köszöntő|megnyitó|bun venit|bine ați venit|deschidere|cuvânt de bun venit|velkommen|velkomst|"
        "åbning|åpning|"
        "välkommen|välkomna|öppning|tervetuloa|tervetulosanat|avaus|avajaissanat|tervitus|avamine|avasõnad|"
        "sveiciens|atklāšana|ievadvārdi|pasveikinimas|sveikinimas|atidarymas|"
        "καλωσόρισμα|υποδοχή|χαιρετισμός|χαιρετισμοί|έναρξη|добре дошли|откриване|приветствие|привітання|"
        "відкриття|ongi etorri|"
        "fáilte|merħba"
    ),
    "intro": (
        "introduction|introductions|intro|introductory remarks|setting the scene|scene setting|overview of the day|"
        "introducción|presentación de la jornada|introducció|introdução|introdución|introduzione|einführung|"
        "einleitung|"
        "hinführung|inleiding|introductie|wprowadzenie|wstęp|úvod|uvod|uvodna beseda|bevezetés|bevezető|introducere|"
        "introduktion|introduksjon|inledning|innledning|indledning|johdanto|sissejuhatus|ievads|įvadas|įžanga|"
        "εισαγωγή|въведение|увод|вступление|вступ|введение|sarrera|réamhrá|introduzzjoni"
    ),
    "debate": (
        "debate|debates|panel|panel discussion|panel debate|discussion|discussions|q&a|questions|question time|"
        "questions and answers|round table|roundtable|round-table|open floor|audience questions|your questions|"
        "fireside chat|"
        "mesa redonda|coloquio|preguntas|turno de preguntas|ruegos y preguntas|discusión|taula rodona|"
        "torn obert de paraules|"
        "preguntes|debat|col·loqui|discussió|perguntas|discussão|espaço de debate|mesa-redonda|dibattito|"
        "tavola rotonda|"
        "domande|discussione|domande e risposte|confronto|débat|débats|table ronde|questions-réponses|"
        "questions réponses|"
        "échanges|échange avec la salle|diskussion|debatte|podiumsdiskussion|podium|fragen|fragerunde|aussprache|"
        "fragen und antworten|rundtisch|runder tisch|gespräch|discussie|paneldiscussie|paneldebat|vragen|vragenronde|"
        "vraag en antwoord|rondetafel|ronde tafel|debata|dyskusja|panel dyskusyjny|pytania|pytania i odpowiedzi|"
        "sesja pytań|okrągły stół|debata|diskuse|diskusia|panelová diskuse|otázky|dotazy|kulatý stůl|"
        "okrúhly stôl|rasprava|"
        "razprava|okrogla miza|okrugli stol|pitanja|vprašanja|vita|kerekasztal|kérdések|panelbeszélgetés|dezbatere|"
        "discuții|întrebări|masă rotundă|debatt|paneldebatt|paneldiskussion|paneldiskusjon|spørsmål|spørgsmål|frågor|"
        "frågestund|rundabordssamtal|keskustelu|paneelikeskustelu|kysymykset|väittely|arutelu|küsimused|"
        "paneeldiskussioon|"
        "diskusija|jautājumi|paneļdiskusija|debates|diskusijos|klausimai|apskritasis stalas|"
        "συζήτηση|ερωτήσεις|πάνελ|στρογγυλό τραπέζι|дискусия|дебат|въпроси|кръгла маса|панел|дискуссия|вопросы|"
        "дебаты|"
        "круглый стол|дискусія|запитання|eztabaida|mahai-ingurua|galderak|díospóireacht|ceisteanna|dibattitu"
    ),
    "break": (
        "break|coffee break|tea break|lunch break|short break|lunch|intermission|recess|networking break|"
        "comfort break|"
        "coffee|networking|networking lunch|pausa|pausa café|pausa para el café|café|descanso|almuerzo|comida|"
        "receso|pausa-cafè|pausa cafè|"
        "dinar|esmorzar|intervalo|almoço|pausa para café|coffee-break|pausa caffè|pranzo|intervallo|pausa pranzo|"
        "pause|pause café|pause déjeuner|pause-café|déjeuner|entracte|kaffeepause|mittagspause|kaffee|"
        "mittagessen|imbiss|"
        "pauze|koffiepauze|lunchpauze|koffie|przerwa|przerwa kawowa|przerwa na kawę|lunch|obiad|přestávka|oběd|"
        "prestávka|"
        "obed|odmor|pauza|odmor za kavu|odmor za kavo|kosilo|ručak|szünet|kávészünet|ebédszünet|ebéd|pauză|"
        "pauză de cafea|"
        "prânz|paus|kaffepaus|fikapaus|fika|kaffepause|pause|frokost|tauko|kahvitauko|lounas|lounastauko|vaheaeg|"
        "paus|"
        "kohvipaus|lõuna|pārtraukums|kafijas pauze|pusdienas|pertrauka|kavos pertrauka|pietūs|διάλειμμα|"
        "διάλειμμα για καφέ|"
        "γεύμα|почивка|кафе пауза|обяд|перерыв|кофе-брейк|обед|перерва|обід|atsedenaldia|sos|lón|waqfa"
    ),
    "wrapup": (
        "wrap up|wrap-up|wrapup|closing|closing remarks|closing words|conclusion|conclusions|concluding remarks|"
        "final remarks|"
        "final words|farewell|end of the webinar|end of the event|summary and close|close|summing up|"
        "next steps and closing|"
        "take-aways|takeaways|goodbye|closure|cierre|clausura|conclusiones|despedida|palabras finales|"
        "cierre y conclusiones|"
        "cloenda|tancament|comiat|encerramento|fecho|conclusões|considerações finais|peche|conclusións|"
        "conclusioni|chiusura|"
        "saluti finali|chiusura dei lavori|clôture|mot de clôture|mot de la fin|schlusswort|schlussworte|"
        "abschluss|ausblick|"
        "verabschiedung|fazit|zusammenfassung|schlussbemerkungen|schlussfolgerungen|schluss|afsluiting|slotwoord|"
        "conclusies|"
        "afronding|besluit|zakończenie|podsumowanie|wnioski|zamknięcie|závěr|závěrečné slovo|zakončení|shrnutí|záver|"
        "zakončenie|zhrnutie|zaključak|zaključci|zaključek|sklepi|zatvaranje|zárszó|összefoglaló|zárás|összegzés|"
        "concluzii|"
        "închidere|încheiere|cuvânt de încheiere|afslutning|opsummering|avslutning|oppsummering|avslutande ord|"
        "sammanfattning|päätös|päätössanat|loppusanat|yhteenveto|lopetus|lõpetamine|lõppsõna|kokkuvõte|noslēgums|"
        "secinājumi|uždarymas|išvados|apibendrinimas|pabaiga|κλείσιμο|συμπεράσματα|λήξη|επίλογος|закриване|"
        "заключение|"
        "заключителни думи|закрытие|выводы|підсумки|закриття|завершення|amaiera|ondorioak|clabhsúr|għeluq"
    ),
    "talk": (
        "talk|presentation|keynote|keynote speech|lecture|speech|pitch|case study|showcase|demo|demonstration|"
        "ponencia|"
        "conferencia|presentación|ponència|presentació|apresentação|palestra|presentazione|relazione|intervento|"
        "exposé|"
        "présentation|conférence|intervention|vortrag|impulsvortrag|impuls|präsentation|referat|presentatie|"
        "lezing|prezentacja|"
        "wykład|referát|prezentace|prednáška|prezentácia|predavanje|előadás|prezentare|foredrag|föredrag|"
        "presentasjon|"
        "esitelmä|ettekanne|prezentācija|pranešimas|ομιλία|παρουσίαση|презентация|лекция|доклад|доповідь"
    ),
}
KIND_PHRASES: dict[Kind, frozenset[str]] = {
    kind: frozenset(" ".join(plain(p).replace("-", " ").split()) for p in phrases.split("|"))
    for kind, phrases in _KINDS.items()
}
# Before the word that says the kind: "Short break", "Open debate", "Final discussion".
KIND_QUALIFIERS = frozenset(
    plain(w)
    for w in (
        "a an the short brief open live final general moderated interactive joint plenary virtual official "
        "concluding closing expert experts public quick formal opening 1st 2nd 3rd first second third "
        "afternoon morning lunch second breve abierto final gran pequeña corta kurze kleine offene "
        "gemeinsame abschliessende abschließende moderierte anschliessende anschließende korte gezamenlijke "
        "petite courte grand breve piccola otwarta krótka wspólna kort pieni la le il el los las os as de "
        "het der die das den l' un una une ein eine een"
    ).split()
)
# "Kaffeepause", "Abschlussdiskussion", "Lunchpauze": one word whose end says it.
KIND_ENDINGS: tuple[tuple[str, Kind], ...] = (
    ("diskussion", "debate"), ("debatte", "debate"), ("discussie", "debate"), ("debatt", "debate"),
    ("fragerunde", "debate"), ("keskustelu", "debate"), ("pause", "break"), ("pauze", "break"), ("szunet", "break"),
    ("kahvitauko", "break"), ("paus", "break"), ("tauko", "break"), ("begrussung", "welcome"), ("schlusswort", "wrapup"),
)  # fmt: skip
_ANYWHERE: tuple[tuple[Kind, str], ...] = (
        ("debate", "debate discussion q&a roundtable dibattito débat debat diskussion debatte discussie dyskusja debata "
                   "debatt keskustelu συζήτηση дискусия дискуссия coloquio"),
        ("break", "break pause pausa pauze przerwa přestávka paus tauko szünet διάλειμμα pauză pauza odmor"),
)  # fmt: skip
ANYWHERE: dict[str, Kind] = {plain(w): kind for kind, words in _ANYWHERE for w in words.split()}
THE_END = frozenset(
    plain(w)
    for w in (
        "end|the end|end of webinar|end of the webinar|end of event|end of the event|end of meeting|"
        "end of the meeting|end of session|finish|ende|ende der veranstaltung|ende des webinars|"
        "veranstaltungsende|fin|fin del evento|fin del webinar|fin de la jornada|fin de la sesión|"
        "fin du webinaire|fin de la réunion|fine|fine lavori|fine dei lavori|fim|fim do evento|einde|"
        "einde webinar|koniec|konec|kraj|slut|slutt|loppu|vége|sfârșit|τέλος|край|конец|кінець|final|fi|"
        "fi de l'acte|lõpp|beigas|pabaiga|amaiera"
    ).split("|")
)

_BY = (  # verb forms and prepositions: what follows is a person or the line is something else
    "moderated by|chaired by|hosted by|facilitated by|led by|presented by|introduced by|opened by|delivered by|"
    "given by|"
    "in conversation with|with|by|speech by|talk by|presentation by|keynote by|remarks by|"
    "moderado por|moderada por|presentado por|presentada por|a cargo de|de la mano de|modera|moderan|presenta|"
    "interviene|"
    "intervienen|participa|participan|conduce|con|por|moderat per|moderada per|a càrrec de|presentat per|intervé|"
    "intervenen|"
    "hi intervenen|amb|per|apresentado por|apresentada por|com|moderato da|moderata da|condotto da|presentato da|"
    "a cura di|"
    "introduce|intervengono|coordina|modérateur et animateur|"
    "animé par|animée par|modéré par|modérée par|présenté par|présentée par|présidé par|avec|par|"
    "moderiert von|geleitet von|vorgestellt von|präsentiert von|vortrag von|unter leitung von|es diskutieren|"
    "es sprechen|"
    "es moderiert|mit|von|gemodereerd door|onder leiding van|gepresenteerd door|geleid door|met|door|"
    "moderowane przez|moderowana przez|moderuje|prowadzi|prowadzona przez|prezentuje|z udziałem|přednáší|uvádí|vede|"
    "moderira|vodi|predstavlja|moderálja|vezeti|előadja|moderat de|moderată de|prezentat de|susținut de|cu|"
    "modereret af|ledet af|præsenteret af|modereres af|moderert av|ledes av|modereras av|leds av|presenteras av|med|"
    "συντονίζει|παρουσιάζει|με τον|με την|модерира|представя|с участието на|модерирует|модерує"
)
_NOUNS = (  # the first of each pair is one person, those in the plural may list several with commas
    "moderator|moderation|chair|chairman|chairwoman|chairperson|host|facilitator|presenter|speaker|lead|"
    "respondent|discussant|"
    "keynote speaker|keynote|guest|"
    "moderador|moderadora|moderación|ponente|presentador|presentadora|orador|oradora|conferenciante|coordinador|"
    "ponent|moderació|moderação|palestrante|relatore|relatrice|moderatore|moderatrice|moderazione|oratore|"
    "modérateur|modératrice|modération|animateur|animatrice|animation|intervenant|intervenante|orateur|oratrice|"
    "conférencier|conférencière|président de séance|moderatorin|referent|referentin|sprecher|sprecherin|vortragender|"
    "vortragende|leitung|gesprächsleitung|diskussionsleitung|impuls|spreker|spreekster|dagvoorzitter|voorzitter|"
    "gespreksleider|"
    "moderatorka|prowadzący|prowadząca|prowadzenie|prelegent|prelegentka|mówca|moderátor|moderátorka|řečník|"
    "přednášející|"
    "prednášajúci|govornik|govornica|voditelj|predavatelj|predavač|előadó|vorbitor|vorbitoare|moderatoare|"
    "ordstyrer|taler|foredragsholder|talare|föreläsare|moderaattori|puheenjohtaja|puhuja|juontaja|moderaator|esineja|"
    "moderators|runātājs|vadītājs|moderatorius|moderatorė|pranešėjas|pranešėja|συντονιστής|συντονίστρια|συντονισμός|"
    "ομιλητής|ομιλήτρια|модератор|лектор|говорител|докладчик|спикер|ведущий|доповідач|moderatzailea|hizlaria"
)
_PLURALS = (
    "speakers|presenters|panelists|panellists|moderators|chairs|hosts|guests|participants|discussants|panel|"
    "panel members|"
    "ponentes|oradores|moderadores|participantes|ponents|panelistas|palestrantes|relatori|relatrici|moderatori|"
    "oratori|intervenants|intervenantes|orateurs|modérateurs|panélistes|participants|referenten|referentinnen|"
    "referent:innen|referentinnen und referenten|sprecher:innen|sprecherinnen und sprecher|vortragende|podium|"
    "podiumsgäste|gäste|sprekers|panelleden|prelegenci|paneliści|mówcy|řečníci|přednášející|panelisté|rečníci|"
    "govornici|"
    "panelisti|govorniki|predavatelji|előadók|résztvevők|vorbitori|talere|foredragsholdere|paneldeltagere|talare|"
    "puhujat|"
    "panelistit|esinejad|runātāji|pranešėjai|ομιλητές|συμμετέχοντες|лектори|говорители|докладчици|спикеры|"
    "доповідачі|hizlariak"
)
ROLES_BY = frozenset(plain(w) for w in _BY.split("|"))
ROLES_ONE = frozenset(plain(w) for w in _NOUNS.split("|"))
ROLES_MANY = frozenset(plain(w) for w in _PLURALS.split("|"))
SPEAKERS_HEADINGS = frozenset(
    plain(w)
    for w in (
        "speakers list|list of speakers|speaker list|speakers' list|our speakers|the speakers|"
        "about the speakers|speakers and affiliations|speakers|presenters|lista de ponentes|ponentes|"
        "relación de ponentes|llista de ponents|ponents|lista de oradores|oradores|lista dei relatori|"
        "elenco dei relatori|relatori|elenco relatori|liste des intervenants|intervenants|liste des orateurs|"
        "les intervenants|orateurs|referentenliste|rednerliste|referenten|referentinnen und referenten|"
        "sprecherinnen und sprecher|sprecher|liste der referenten|mitwirkende|sprekerslijst|"
        "lijst van sprekers|sprekers|lista prelegentów|prelegenci|seznam řečníků|řečníci|zoznam rečníkov|"
        "rečníci|popis govornika|govornici|seznam govornikov|előadók|az előadók listája|lista vorbitorilor|"
        "vorbitori|talere|taleliste|talare|talarlista|puhujat|esinejad|runātāji|pranešėjai|ομιλητές|"
        "λίστα ομιλητών|лектори|списък на лекторите|спикеры|hizlariak"
    ).split("|")
)
AGENDA_HEADINGS = frozenset(
    plain(w)
    for w in (
        "agenda|programme|program|the programme|draft agenda|draft programme|provisional agenda|timetable|"
        "schedule|agenda of the day|running order|programa|orden del día|ordre del dia|horario|programma|"
        "scaletta|ordine del giorno|ordre du jour|déroulé|déroulement|tagesordnung|ablauf|programmablauf|"
        "programm|dagorde|harmonogram|porządek obrad|program spotkania|dnevni red|napirend|ordinea de zi|"
        "dagsorden|ohjelma|päevakava|programma|darba kārtība|darbotvarkė|programa|πρόγραμμα|ημερήσια διάταξη|"
        "програма|дневен ред|программа|egitaraua"
    ).split("|")
)

# Columns, by what a heading may be called. A unit in brackets ("(min)") is read apart.
_COLUMNS: dict[str, str] = {
    "date": "date|day|datum|tag|fecha|día|data|dia|giorno|jour|dag|dzień|den|deň|dan|dátum|nap|ziua|dato|päivä|"
            "päivämäärä|"
            "kuupäev|datums|ημερομηνία|дата",
    "start": "start|start time|starts|from|begin|begins|beginning|time|hour|when|starting time|beginn|anfang|von|"
             "zeit|uhrzeit|"
             "startzeit|inicio|hora|hora de inicio|hora inicio|desde|horario|comienzo|inici|hora d'inici|início|"
             "hora de início|"
             "comezo|inizio|ora|ora inizio|ora di inizio|orario|dalle|début|heure|heure de début|horaire|de|"
             "aanvang|tijd|"
             "starttijd|van|początek|czas|godzina|rozpoczęcie|od|začátek|čas|začiatok|početak|vrijeme|začetek|"
             "ura|kezdés|"
             "kezdet|időpont|idő|început|oră|ora de început|tid|starttid|klokkeslæt|klokkeslett|tidspunkt|alku|"
             "aika|alkaa|"
             "kello|algus|aeg|kell|sākums|laiks|pradžia|laikas|έναρξη|ώρα|ώρα έναρξης|начало|час|время|початок|"
             "hasiera|ordua",
    "end": "end|end time|ends|to|until|till|finish|ende|bis|endzeit|schluss|fin|hora de fin|hasta|hora fin|final|"
           "fi|fim|"
           "hora de fim|término|fine|ora fine|ora di fine|alle|heure de fin|à|einde|eindtijd|tot|koniec|"
           "zakończenie|do|konec|"
           "kraj|befejezés|vége|sfârșit|slut|slutt|sluttid|loppu|päättyy|lõpp|beigas|pabaiga|λήξη|τέλος|край|"
           "конец|кінець|amaiera",
    "duration": "duration|length|minutes|min|mins|dauer|länge|minuten|duración|minutos|durada|duração|durata|"
                "minuti|durée|"
                "duur|minuten|czas trwania|minuty|délka|trvání|dĺžka|trvanie|trajanje|időtartam|hossz|durată|"
                "varighed|varighet|"
                "längd|kesto|kestus|ilgums|trukmė|διάρκεια|продължителност|времетраене|длительность|тривалість|"
                "iraupena|"
                "duration_s|seconds",
    "kind": "type|kind|art|typ|slot type|session type|category|kategorie|tipo|clase|tipus|tipologia|categoria|"
            "categoría|genre|"
            "catégorie|soort|type sessie|rodzaj|druh|vrsta|típus|tip|tyyppi|tüüp|veids|tipas|τύπος|είδος|тип|вид|"
            "mota",
    "title": "title|topic|session|subject|item|agenda item|activity|what|content|name of session|titel|thema|"
             "programmpunkt|inhalt|"
             "tagesordnungspunkt|top|título|tema|tema o título|sesión|actividad|contenido|títol|sessió|activitat|"
             "tópico|"
             "sessão|atividade|titolo|argomento|sessione|attività|intervento|titre|sujet|thème|intervention|"
             "onderwerp|"
             "sessie|programmaonderdeel|tytuł|temat|sesja|punkt programu|název|téma|relace|názov|naslov|tema|cím|"
             "téma|"
             "előadás címe|titlu|titlul|subiect|emne|punkt|ämne|rubrik|tittel|aihe|otsikko|nimi|pealkiri|teema|"
             "nosaukums|"
             "pavadinimas|τίτλος|θέμα|заглавие|тема|название|назва|izenburua|gaia|programme|agenda|programa|"
             "programma",
    "speaker": "speaker|speakers|speaker(s)|presenter|presenters|presenter(s)|who|name|names|speaker name|"
               "moderator|person|"
               "panelists|panellists|speaker / moderator|speaker/moderator|lead|"
               "referent|referentin|referenten|referent/in|referent:in|referent*in|sprecher|sprecherin|"
               "sprecher/in|vortragende|"
               "vortragender|wer|person|name der referenten|ponente|ponentes|ponente(s)|orador|oradores|quién|"
               "nombre|ponent|"
               "ponents|qui|nom|palestrante|quem|nome|relatore|relatori|relatrice|chi|nominativo|oratore|intervenant|"
               "intervenants|intervenant(e)|intervenant(e)s|intervenant·e|orateur|orateurs|conférencier|spreker|"
               "sprekers|wie|"
               "naam|prelegent|prelegenci|prelegent/ka|mówca|prowadzący|kto|řečník|řečníci|přednášející|kdo|rečník|"
               "prednášajúci|govornik|govornici|predavač|predavatelj|tko|kdo|előadó|előadók|ki|vorbitor|"
               "vorbitori|cine|taler|"
               "talere|foredragsholder|talare|föreläsare|puhuja|puhujat|esineja|esinejad|runātājs|pranešėjas|"
               "ομιλητής|ομιλητές|"
               "лектор|лектори|говорител|докладчик|спикер|доповідач|hizlaria",
    "affiliation": "affiliation|affiliations|organisation|organization|organisations|company|institution|"
                   "institute|employer|org|"
                   "unternehmen|firma|einrichtung|zugehörigkeit|organización|entidad|institución|empresa|"
                   "afiliación|entitat|"
                   "organització|organização|instituição|entidade|organizzazione|ente|azienda|istituzione|"
                   "affiliazione|"
                   "organisme|entreprise|structure|établissement|organisatie|bedrijf|instelling|organizacja|"
                   "instytucja|"
                   "organizace|instituce|organizácia|inštitúcia|organizacija|ustanova|institucija|szervezet|"
                   "intézmény|"
                   "organizație|instituție|organisasjon|virksomhed|organisationen|företag|organisaatio|yritys|"
                   "organisatsioon|asutus|organizācija|organizacija|οργανισμός|φορέας|организация|институция|"
                   "організація|"
                   "erakundea|region|región|région|regione|regio",
    "webinar": "webinar",
    "speaker_title": "speaker title|speaker titles|honorific",
    "timezone": "time zone|timezone|tz|zeitzone|zona horaria|fuso orario|fuseau horaire|tijdzone|strefa czasowa|"
                "fuso horário",
    "id": "id|slot id|slot",
    "flex": "flex|flexible",
    "fixed": "fixed|fixed start",
    "skip": "skip|skipped",
    "min": "min_s|least length|minimum|minimum length",
    "warn": "warn_s|warning|warning at",
    "danger": "danger_s|danger|danger at",
    "links": "links|link|url|slides",
}  # fmt: skip
COLUMNS: dict[str, str] = {plain(w): field for field, words in _COLUMNS.items() for w in words.split("|")}
# "day", "nom", "data", … in two lists: the reading that makes a programme.
COLUMNS.update({plain("min"): "duration", plain("data"): "date", plain("tema"): "title", plain("final"): "end"})

CITIES: dict[str, str] = {
    plain(city): zone
    for city, zone in (
        pair.split("=")
        for pair in (
            "brussels=Europe/Brussels bruxelles=Europe/Brussels brussel=Europe/Brussels brüssel=Europe/Brussels "
            "bruselas=Europe/Brussels madrid=Europe/Madrid barcelona=Europe/Madrid paris=Europe/Paris "
            "parís=Europe/Paris berlin=Europe/Berlin rome=Europe/Rome roma=Europe/Rome rom=Europe/Rome "
            "lisbon=Europe/Lisbon lisboa=Europe/Lisbon london=Europe/London londres=Europe/London "
            "dublin=Europe/Dublin amsterdam=Europe/Amsterdam vienna=Europe/Vienna wien=Europe/Vienna "
            "warsaw=Europe/Warsaw warszawa=Europe/Warsaw prague=Europe/Prague praha=Europe/Prague "
            "budapest=Europe/Budapest athens=Europe/Athens αθήνα=Europe/Athens helsinki=Europe/Helsinki "
            "stockholm=Europe/Stockholm oslo=Europe/Oslo copenhagen=Europe/Copenhagen "
            "københavn=Europe/Copenhagen bucharest=Europe/Bucharest bucurești=Europe/Bucharest "
            "sofia=Europe/Sofia zagreb=Europe/Zagreb ljubljana=Europe/Ljubljana bratislava=Europe/Bratislava "
            "tallinn=Europe/Tallinn riga=Europe/Riga vilnius=Europe/Vilnius luxembourg=Europe/Luxembourg "
            "zurich=Europe/Zurich zürich=Europe/Zurich kyiv=Europe/Kyiv istanbul=Europe/Istanbul "
            "valletta=Europe/Malta nicosia=Asia/Nicosia"
        ).split()
    )
}
