"""The words by which the parts of a citation are known, in the languages of the briefs.

Where a pattern looks at an item's flat text, a title is a character from
U+E000 on and an address one from U+E100 on (see `items`).
"""

from __future__ import annotations

import re

from reportgen.patterns import pattern

TITLE = pattern("[\ue000-\ue0ff]")
ADDRESS = pattern("[\ue100-\ue1ff]")
PRIVATE = pattern("[\ue000-\ue1ff]")
"""What stands for titles and addresses must not come from an author."""
PREFIX = pattern(
    r"^\s*(?:for (?:a|an|the) [^,;:]{3,40}? see|(?:as )?(?:quoted|cited) (?:in|by)|"
    r"cit(?:ato|\.) in|cité (?:dans|par)|"
    r"citado (?:en|em)|zit(?:iert|\.) ?n(?:ach|\.)|cyt\. za|цит\. (?:по|за)|"
    r"see also|see for (?:example|instance)|see|cf\.? also|cfr\.?|cf\.?|e\.g\.,?|"
    r"for example,?|source|quoted in|as reported by|vedi anche|vedi|si veda|fonte|voir aussi|voir|"
    r"siehe auch|siehe|vgl\.|quelle|"
    r"véase también|véase|ver también|ver|fuente|veja|zob\.|por\.|źródło|див\.|джерело|"
    r"ayrıca bkz\.|bkz\.|bk\.|patrz|zie ook|zie|"
    r"см\. также|см\.|источник|(?:data|figures) (?:from|of)|according to|datos de|dati (?:di|del|"
    r"della)|"
    r"données (?:de|du)|daten (?:von|des|der)|dane|данные|по данным|дані|"
    r"за даними|انظر|راجع|نقلًا عن)(?=[\s:,\ue000-\ue1ff])"
    r"(?: (?:also|también|também|auch|также|також|też|także|"
    r"notamment|aussi|insbesondere|besonders|etwa|anche|in particolare|ad esempio|"
    r"en particular|entre otros|por exemplo|m\.in\.|например|наприклад))?\s*:?\s*(?:the )?",
    re.IGNORECASE,
)
LABEL = pattern(
    r"^\s*(?:sources?|quellen?|font[ei]|fuentes?|źródło|источники?|джерело|джерела|kaynak)\s*:\s*",
    re.IGNORECASE)
"""With which an author says that a source follows."""
IBID = pattern(
    r"^\s*(?:ibid(?:em)?|idem|eadem|id(?=\.)|ivi|ebd|ebenda|loc\. ?cit|op\. ?cit|там же|"
    r"(?:المرجع|المصدر) نفسه)\b\.?", re.IGNORECASE)
OP_CIT = pattern(
    r"\b(?:op|loc|art|ob)\.?\s?cit\b\.?|(?<=,)\s*cit\.|\ba\.\s?a\.\s?O\.|\bdz\.\s?cyt\.|"
    r"указ\.\s?соч\.|цит\.\s?соч\.|\bvurg\.|\badı geçen|\bsupra,? (?:note|n\.)", re.IGNORECASE)
"""What stands for the title of a work that was cited before."""

ACCESSED = pattern(
    r"[,;(]?\s*(?:last |ultimo |letzter |dernier |último )?(?:accessed|access|retrieved|visited|"
    r"viewed|consultat[oaie]|accesso|consultée?|accès|abgerufen|zugriff|consultad[oa]|acceso|"
    r"дата обращения)(?:\s+(?:on|il|le|am|el))?\s*:?\s*", re.IGNORECASE)
ARCHIVED = pattern(
    r"[,;]?\s*(?:archived|archive|archiviato|archivé|archiviert)\s*(?:at|on|in|copy)?\s*:?\s*"
    r"([\ue100-\ue1ff])", re.IGNORECASE)
DOI = pattern(
    r"\bdoi:?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s,;\ue000-\ue1ff]+)", re.IGNORECASE)
LOCATOR = pattern(
    r"\b(?:pp?|[Ss]|págs?|стр|с|para|paras|art|[Aa]rticles?|arts|Artikel|artículos?|стать[яи]|chap|ch|§|quadro|cuadro|tableau|[Tt]abelle|[Tt]able|"
    r"tab|tav|tabl|tabla|tabela|fig|figure|grafico|gráfico|chart|annex|рис|табл|таблиц[яа]|таблиця|tabella|Ziff|Rn|punto|point|"
    r"cap|capítulo|chapter|[Kk]ap|[Kk]apitel|rozdz|гл|par|considérant|recital|abs|Abs|"
    r"ص|صص|الصفحة|المادة|الفصل|الجدول|الفقرة)"
    r"\.?\s*\d+(?:\s*(?:[-–]|and|et|e|y|und|и)\s*\d+)?(?:\s*(?:ff?|sqq?|ss)\.?)?"
    r"(?=\s*(?:[,;.،؛]|$))")
VOLUME = pattern(
    r"\b(?:vol|no|nr|issue|iss|n)\.?\s*\d+(?:\s*\(\d+\))?(?=\s*(?:[,;.]|$))", re.IGNORECASE)
ISSUE = pattern(
    r"\b(?:[a-zà-ÿа-я]{3,}\s+)?(?:(?:no|nr|n|issue|iss|heft|ausgabe|núm|num|numero|numéro|"
    r"número|sayı|zeszyt|вып|выпуск|вип|випуск|العدد|ع)\b\.?|n\.?[º°]|№)\s*\d+(?:\s*/\s*(?P<year>(?:19|20)\d\d))?"
    r"|№\s*\d+(?:\s*/\s*(?P<of>(?:19|20)\d\d))?|\b(?:[IVX]{1,4}|\d{1,3})/(?P<part>(?:19|20)\d\d)\b"
    r"|\b(?P<first>(?:19|20)\d\d)/\d{1,3}(?![\d/])", re.IGNORECASE)
"""The number of an issue, with its year, as in `Heft 7/2018`, `3/2018` and `2018/3`."""
NESTED = pattern(r"\([^()]*\)|\[[^\[\]]*\]")
NESTED_BUT_YEARS = pattern(r"\((?!\d{4}\))[^()]*\)|\[[^\[\]]*\]")
"""`Resolution 497 (1981)`: without italics the year in brackets is a part of the title."""
SPLIT = pattern(r"\s*[,،]\s*|\s+[–—|-]\s+|(?<=[\ue000-\ue0ff])\.\s+")
JOINT = pattern(
    r"(?:[\s,.]+|^)(?:(?:and|e|et|und|y|и|&)\s+)?(?:(?:also|see|anche|aussi)\s+)*[\s,]*$",
    re.IGNORECASE)
OFFICIAL = pattern(
    r"\b[A-Z]{1,4}/(?:[A-Z0-9.-]+/)+[A-Z0-9.()-]*\d|\b[SA]/\d{4}/\d+|\b(?:COM|SWD|JOIN|SEC)\s?"
    r"\(?\d{4}\)?\s?\d+|\b\d{4}/\d{2,4}(?:/[A-Z]{2,5}\b|\([A-Z]{2,4}\))|"
    r"\b(?:Drucksache|Drs\.|BT-Drs\.)\s?\d+/\d+|\bABl\.|\bOJ [LC]\b|\bJO [LC]\b|\bBGBl\.|"
    r"\bDz\.? ?U\.|\[(?:19|20)\d\d\] [A-Z]{2,5} \d+")
"""The symbol of an official document: of the United Nations, the European Union, a parliament."""
BARE_ADDRESS = pattern(r"\b(?:[\w-]+\.)+[a-z]{2,10}/[^\s,;)\]]+")
"""An address without its scheme."""
LIFE = pattern(r"\b(?:1[5-9]|20)\d\d\s*"
               r"(?:[–—-]|(?:to|al?|à|bis|do|до|по)\b)\s*"
               r"[^\d\ue100-\ue1ff]{0,40}\b(?:1[5-9]|20)\d\d\b")
"""Two years with a dash between them, maybe with places: of a life, an office, a war."""
SAMPLE = pattern(r",?\s*\b[nN]\s*=\s*\d[\d.,\u00a0 ]*")
"""How many were asked in a survey."""
SYMBOL = pattern(
    r"^(?:[A-Z]{1,4}/\S*\d\S*|COM\b.*|\d{4}/\d+.*|(?:Press Release|CRS Report|Report|Document|Doc|"
    r"Cm|Working Paper|Policy Brief|Paper|H|Heft|Jg|n°|№|No|Nr)\b[^a-zà-ÿ]*\d\S*|"
    r"\d{1,3}\. ?Jg|.?\d{1,2}[:.]\d\d(?: ?[ap]m)?|\W*\w?\W*|[\d\W]+)$")
"""A segment that is a document's number, not who brought it out."""
PARTICIPLE = pattern(r"^(?:signed|adopted|declassified|available|leaked|filtrad|unpublished|"
                         r"unveröffentlicht|inédit|updated|published|issued|accessed|translated|firmat|"
                         r"signé|adopté|unterzeichnet|firmado|подписан)", re.IGNORECASE)
DOCUMENT = pattern(
    r"\b(?:resolution|report|communiqu[ée]|declaration|treaty|agreement|statement|press release|"
    r"press conference|convention|protocol|memorandum|decree|law|directive|regulation|decision|"
    r"proclamation|charter|pact|accord|act|order|"
    r"strategy|outlook|survey|yearbook|bulletin|briefing|working paper|policy brief|white paper|"
    r"speech|interview|remarks|statistics|review|journal|risoluzione|rapporto|comunicato|trattato|"
    r"accordo|résolution|communiqué|traité|accord|erklärung|\w*bericht|vertrag|abkommen|resolución|"
    r"informe|tratado|acuerdo|note de|nota (?:di|de)|lettre|quadern[oi]|cahiers?|cuadernos?|"
    r"polls?|judg(?:e)?ment|ruling|urteil|beschluss|arrêt|sentenza|sentencia|acórdão|wyrok|приговор|"
    r"study|studies|\w*studie|étude|estudio|estudo|cable|telegram|memo|barómetro|sondaggio|sondage|"
    r"sondeo|sondagem|encuesta|badanie|sondaż|konkluzje|schlussfolgerungen|\w*опрос|anuário|jahrbuch|ежегодник|щорічник|yıllığı|barom[eè]t(?:er|re|ro)|barómetro|tracker|index|"
    r"índice|dashboard|monitor|dataset|texto para discussão|documento de (?:trabajo|trabalho)|"
    r"\w*papier|pesquisa|enquête|\w*statisti\w+|\w*umfrage|\w*erhebung|рейтинг|индекс|монитор\w*|"
    r"annuaire|rapports?(?! de force)|relatório|raport|"
    r"annuario|anuario|bollettino|boletín|bulletin|boletim|rocznik|biuletyn|бюллетень|обзор|"
    r"отч[её]т|"
    r"звіт|огляд|бюлетень|rapor|bülten|"
    r"(?:ال)?(?:تقرير|دراسة|نشرة|بيان|ورقة|مذكرة|إحصاءات|مؤشر|استطلاع|محضر|موجز|كتاب|حوليات?|دورية)|"
    r"резолюция|доклад|договор|соглашение|заявление)\b|"
    r"\b[SA]/(?:RES|PRST|PV)?/?\d|COM\(\d{4}\)",
    re.IGNORECASE,
)
NOUN = pattern(
    r"(?:newspaper|(?:news )?agency|website|portal|site|daily|weekly|агентство|газета|журнал|сайт|"
    r"портал|издание|часопис|видання|zeitung|agentur|quotidiano|giornale|agenzia|quotidien|journal|"
    r"agence|diario|periódico|agencia|jornal|agência|dziennik|gazeta|agencja|gazetesi|report|"
    r"study|survey|article|paper|interview|rapport|étude|"
    r"resolution|r[ée]solution|resolución|risoluzione|resolução|rezolucja|резолюци[яі]|decision|"
    r"conclusions|conclusioni|conclusiones|conclusões|schlussfolgerungen|konkluzje|висновки|"
    r"poll|sondaż|transcript|press (?:release|conference|remarks)|figures?|data|remarks|statement|"
    r"sondage|sondaggio|encuesta|umfrage|ankieta|опрос|опитування|anket|entretien|intervista|"
    r"entrevista|wywiad|communiqué|comunicato|comunicado|komunikat|séance|note|"
    r"décret|arrêté|loi|ordonnance|circulaire|decree|law|directive|circular|legge|decreto|ley|lei|"
    r"portaria|gesetz|verordnung|erlass|ustawa|rozporządzenie|закон|указ|постанов\w+|наказ|"
    r"estimates?|estimations?|estimaciones|estimación|estimativas?|stim[ae]|\w*schätzung(?:en)?|"
    r"szacun\w+|оценк\w+|оцінк\w+|tahmin\w*|chronolog\w+|cronolog\w+|list[ae]?|mapa?|karte|"
    r"(?:\w+ )?(?:rilevazione|oleada|wave|vague|welle|ondata|onda|fala|волна|sondeo|survey)|"
    r"cable|telegram\w*|memo\w*|letter|"
    r"(?:opinion )?polls?|(?:final|provisional) results?|results?|résultats|risultati|resultados|"
    r"ergebnisse?|wyniki|результат\w*|database|datenbank|base de d\w+|banca dati|banco de d\w+|"
    r"baza danych|trimestre|quarter|comment(?:ary)?|kommentar|commentaire|commento|"
    r"coment[aá]rio|komentarz|комментарий|коментар|"
    r"analysis|analyse|analisi|análisis|análise|analiza|анализ|аналіз|briefing|брифинг|брифінг|"
    r"factsheet|testimony|hearing|speech|address to|podcast|blog(?:post)?|newsletter|dossier|"
    r"pressemitteilung|pressekonferenz|gutachten|vortrag|rede|gespräch|vermerk|"
    r"discours|conférence de presse|audition|fiche|dépêche|discurso|conferencia de prensa|rueda de|"
    r"nota de|nota|discorso|conferenza stampa|audizione|conferência|przemówienie|konferencja|"
    r"notatka|выступление|речь|заявление|пресс-\w+|аналитическая|промова|заява|прес-\w+|"
    r"аналітичн\w+|(?:quoted|cited|as quoted|as cited) (?:in|by)|zitiert nach|zit\. n(?:ach|\.)|"
    r"cité (?:dans|par)|citato (?:in|da)|citado (?:en|em|por)|cyt\. za|цит\. (?:по|за)|"
    r"quotidien|informe|estudio|diario|artículo|studio|rapporto|quotidiano|articolo|bericht|studie|"
    r"tageszeitung|zeitung|aufsatz|relatório|estudo|jornal|raport|badanie|dziennik|gazeta|tygodnik|"
    r"artykuł|газета|журнал|отч[её]т|доклад|исследование|статья|интервью|звіт|дослідження|стаття|"
    r"rapor|gazete|makale|çalışma)\b", re.IGNORECASE)
"""With which the words before a title begin in small letters: `(the report "..." , May 2023)`."""
ARTICLE = pattern(
    r"(?:the|la|le|les|l['’]|il|lo|gli|el|los|las|der|die|das|o|a|os|as)\s*(?=[A-ZÀ-Þ])",
    re.IGNORECASE)
PLACE = pattern(
    r"(?:addis a\w+|new \w+|buenos aires|tel aviv|san \w+|santa \w+|santo \w+|são \w+|st\.? \w+|"
    r"saint[- ]\w+|sankt \w+|санкт[- ]\w+|abu dhabi|dubai city|kuala lumpur|phnom penh|port \w+|"
    r"cape town|le cap|hong kong|los angeles|mexico city|guatemala city|panama city|kuwait city|"
    r"la paz|la habana|la haye|la valette|el cairo|el aaiún|il cairo|le caire|the hague|den haag|"
    r"l[’']aia|ulan bator|нур-султан|нижний новгород|banja luka|novi sad|camp david|"
    r"washington d\.?c\.?|sri lanka|costa rica|puerto \w+|fort \w+|bad \w+|monte \w+|ras \w+|"
    r"al \w+|el \w+|los \w+|las \w+|nouvelle? \w+|nova \w+|nuevo \w+|nueva \w+|"
    r"(?:north|south|east|west|northern|southern|eastern|western) \w+)", re.IGNORECASE)
"""Towns and countries of two words."""
EVENT = pattern(
    r"\b(?:summit|treaty|battle|conference|agreement|accords?|forum|congress|election|referendum|"
    r"coup|protocol|\w*gipfel|\w*vertrag|schlacht|\w*konferenz|\w*wahl|sommet|traité|bataille|"
    r"conférence|vertice|trattato|battaglia|conferenza|cumbre|tratado|batalla|conferencia|cúpula|"
    r"batalha|szczyt|traktat|bitwa|саммит|договор|битва|конференция|zirve\w*|antlaşma\w*)\b",
    re.IGNORECASE)
ATTRIBUTED = pattern(
    r"(?:so|laut|gemäß|selon|d['’]après|secondo|stando|según|segundo|conforme|według|zdaniem|"
    r"согласно|по словам|за словами|за даними|göre)\s", re.IGNORECASE)
"""With which an aside begins that names who said something."""
YEAR_WORD = pattern(r"^\s*(?:(?:г|гг|р|рр|r)\.?(?=\s*(?:[,;]|$))|года|року|roku)", re.IGNORECASE)
"""`2019 г.`, `2019 r.`: the word for a year behind it."""
SAID = pattern(
    r"(?:(?:the )?author['’]?s? )?(?:interviews?|conversation|correspondence|telephone interview|"
    r"personal communication|field notes|speech|address|remarks|testimony|tweet|minutes|"
    r"press conference)\b(?= (?:with|by|of|at|before|to|in|from))|field notes\b|"
    r"sondaggio|sondage|sondeo|sondagem|encuesta|ankieta|sondaż|umfrage|опрос|опитування|dépêche|despacho|"
    r"dispaccio|depesza|\w+-meldung|meldung|cable|telegram|memo(?:randum)?\b|leaked|"
    r"intervista|discorso|tweet|audizione|verbale|dichiarazione|colloquio|"
    r"entretien|interview|discours|audition|allocution|déclaration|procès-verbal|"
    r"gespräch|rede(?= (?:vor|bei|von|auf|des|der|im|in|zu[mr]?|an)\b)|vortrag|telegramm|protokoll|"
    r"entrevista|discurso|declaración|declaração|tuit|comparecencia|acta de|ata d[ae]|"
    r"wywiad|rozmowa|przemówienie|wpis|"
    r"интервью|беседа|выступление|речь|заявление|твит|протокол|інтерв|промова|виступ|"
    r"röportaj|mülakat|konuşma|"
    r"(?:مقابلة|مقابلات|حوار|حديث|محادثة|مراسلات?|مكالم(?:ة|ات)|تصريح|كلمة|خطاب|محضر|بيان|برقية|تغريدة|شهادة)\b|"
    r"(?:قانون|مرسوم|قرار)\b(?= (?:رقم|مجلس|عدد))"
    r"|(?:(?:federal|organic|basic) )?law (?:no|nr|of)\b|decree (?:no|of)\b|"
    r"(?:legge|decreto|regolamento|direttiva)\b(?= (?:n\.|\d|legislativo|del\b))|"
    r"(?:loi|décret|ordonnance|arrêté)\b(?= (?:organique )?(?:n[°ºo]|du\b))|"
    r"(?:gesetz|verordnung|erlass|dekret)\b(?= (?:nr|vom|über))|"
    r"(?:ley|decreto|real decreto|lei|decreto-lei|portaria)\b(?= (?:orgánica |complementar )?"
    r"(?:n\.?[°ºo]|\d|de \d))|"
    r"(?:ustawa|rozporządzenie)\b(?= (?:z|nr))|(?:федеральный )?закон\b(?= (?:№|от))|"
    r"указ\b(?= (?:№|от|президента))|закон україни\b|"
    r"(?:r[eé]solu(?:tion|ción|ção)|risoluzione|rezolucja|резолюци[яі])\b"
    r"(?= (?:\d|s/|a/|n|(?:du|of|de[lr]?|des)\b))",
    re.IGNORECASE)
"""With which a source begins that is no publication: an interview, a speech, a law."""
AGENCY = pattern(
    r"(?:reuters|afp|ap|associated press|tass|тасс|itar-tass|interfax|интерфакс|ria|риа|ansa|efe|"
    r"lusa|pap|dpa|apa|ats|belga|mti|čtk|hina|tanjug|agerpres|bta|xinhua|anadolu|aa|irna|wam|spa|"
    r"pti|kyodo|yonhap|bernama|antara|ukrinform|укрінформ|belta|белта|kazinform|trend|azertac|"
    r"armenpress|al[- ]jazeera|bbc|cnn|rfe/rl|rfi|dw|deutsche welle|bloomberg|axios|politico|"
    r"eurostat|sipri|unhcr|unicef|unctad|undp|ocha|faostat|fao|wfp|iom|who|ilo|imf|fmi|iwf|мвф|"
    r"world bank|banque mondiale|banca mondiale|banco mundial|weltbank|всемирный банк|oecd|ocde|"
    r"ocse|wto|iea|iaea|opec|acled|v-dem|freedom house|comtrade|istat|insee|ined|destatis|ine|"
    r"ibge|gus|росстат|rosstat|держстат|tüik|turkstat|ons|cbs|statistics [a-z]+|"
    r"(?:national )?(?:statistics|statistical) (?:office|service|committee|agency))"
    r"(?=$|[\s,:/-])", re.IGNORECASE)
"""Agencies, international organisations and offices of statistics, cited by their names."""
OFFICE = pattern(
    r"eurostat|sipri|fao|comtrade|istat|insee|destatis|\bine\b|ibge|\bgus\b|росстат|rosstat|"
    r"держстат|tüik|turkstat|acled|v-dem|statisti|database|datenbank|base de d|banca dati",
    re.IGNORECASE)
"""Whose data are cited by a year alone."""
NEWS = pattern(
    r"\b(?:times|quarterly|voice|voz|voix|voce|stimme|голос|post|gazette|herald|news(?:wire)?|tribune|ledger|courier|chronicle|observer|"
    r"journal|daily|weekly|telegraph|examiner|dispatch|mail|star|standard|inquirer|mirror|globe|"
    r"press|radio|tv|television|agency|monitor|review|bulletin|courrier|gazette|quotidien|"
    r"nouvelles|dépêche|tribune|matin|soir|agence|presse|corriere|gazzetta|giornale|messaggero|"
    r"notizie|quotidiano|agenzia|\w*zeitung|\w*kurier|\w*bote|\w*blatt|\w*nachrichten|"
    r"\w*anzeiger|\w*presse|tagesspiegel|diario|correo|gaceta|noticias|prensa|periódico|crónica|"
    r"heraldo|jornal|correio|folha|diário|gazeta|notícias|agência|kurier|dziennik|głos|wiadomości|"
    r"nowiny|tygodnik|газета|вестник|известия|новости|вісник|новини|ведомости|правда|"
    r"gazetesi|haber(?:ler)?|postası|ajansı|"
    r"(?:ال)?(?:وكالة|صحيفة|جريدة|مجلة|قناة|إذاعة)|رويترز|الجزيرة|الأهرام|سانا|بترا)\b",
    re.IGNORECASE)
"""Words of the name of a newspaper, a broadcaster or an agency."""
PUBLISHER = pattern(
    r"\b(?:press|publish\w+|archiv\w*|archives?|архив|arquivo|university|institute?|foundation|"
    r"centre|center|fondazione|editore|"
    r"edizioni|"
    r"دار|(?:ال)?(?:مركز|معهد|جامعة|مؤسسة|منشورات|هيئة|وزارة|مصرف|بنك|مرصد)|"
    r"istituto|fondation|éditions|presses|centre d|verlag|stiftung|institut|editorial|ediciones|"
    r"fundación|instituto|editora|fundação|wydawnictwo|fundacja|instytut|изд-во|издательство|фонд|"
    r"институт|видавництво|фонд|інститут|yayınları|vakfı|enstitüsü)\b", re.IGNORECASE)
"""Words of the name of who brings books and reports out."""
PROSE = pattern(
    r"(?<!-)\b(?:you|we|us|our|they|he|she|it|is|are|was|were|has|have|had|can|could|will|would|"
    r"should|"
    r"which|who|whose|that|this|these|elected|born|died|since|until|via|although|because|around|"
    r"so-called|especially|including|mostly|mainly|formerly|founded|established|launched|held|che|"
    r"sono|era|est|sont|qui|ist|sind|"
    r"который|которая)\b(?!-)")

CREDIT = pattern(
    r"(?:(?:cover |title )?(?:photos?|pictures?|images?|foto(?:s|grafi[ae])?|bilder?|titelbild|"
    r"image|crédits?|créditos?|credits?|immagin[ei]|imagen|zdjęci[ea]|фото|снимок|світлина|"
    r"fotoğraf|صورة)(?: (?:credits?|by|de|di|von|crédit))?\s*[:©/]|fot\.(?=\s)|©).{2,90}",
    re.IGNORECASE)
"""Whose a picture is."""
