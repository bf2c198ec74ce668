"""Word lists as spaCy's hashes, so that a token is compared as a number."""

from __future__ import annotations

from spacy.strings import StringStore

STRINGS = StringStore()


def words(line: str) -> frozenset[int]:
    return frozenset(STRINGS.add(word) for word in line.split())


# May stand between the members of a list.
SEPARATORS = words(", and or & / ; nor plus ( )")
LINKS = SEPARATORS | words(
    """the also even both - – — a an its their 's ’s like app apps site sites platform platforms exchange
    exchanges wallet giant service services stock trading website websites market company firm bank
    broker brokerage messaging gaming streaming games game video music social media dating payment
    payments cash chat crypto cryptocurrency popular rival fellow online retail investment user users
    maker owner operator protocol network chain data analytics tool tools assistant language learning
    airline airlines carrier carriers design photo sharing ride hailing food delivery fintech then more
    centralized centralised decentralized decentralised major other others hotel hotels newspaper radio
    tv channel studio lender insurer retailer supermarket store shop airport university ministry agency
    telecom telco marketplace forum search engine browser mail email provider software smart home
    doorbell camera fitness health travel booking ticketing education school lottery betting gambling
    government department court system productivity collaboration video-game ai chatbot developer
    digital mobile banking money transfer tax dex cex lending tracking tracker explorer startup startups
    e commerce phone broker-dealer custodian minter railway rail train news publisher vendor unit arm
    division subsidiary brand grocer grocery coffee pizza burger fast-food hardware console gaming-
    platform prediction aggregator bridge stablecoin issuer layer-2 layer-1 l2 rollup brokers brokerages
    banks wallets insurers lenders retailers airlines carriers platforms newspapers publishers venues venue
    bookmaker bookmakers casino railways operators chains supermarkets universities studios networks
    clients exchanges firms companies apps sites services websites startups publisher club federation"""
)
# May stand between a cue and the name it is about.
FILLERS = (LINKS - words(", ; ( ) and or & / nor")) | words(
    """leading largest world biggest us u.s. american british japanese korean indian chinese cloud hosting
    provider infrastructure internet web vendor tech cdn some several many all this that those these
    certain various parts part multiple most any each our your his her own new single entire whole key
    core critical global regional local two three four five customers customer traders trader clients
    people members between across within inside third-party party such his wider broader much services
    region regions zone zones data center centre subset"""
)
AUXILIARIES = words(
    """was were is are be been being am get gets got getting 're ’re 's ’s remain remains remained left
    became become"""
)
ADVERBS = words(
    """also not n't n’t never briefly temporarily partially partly heavily badly severely directly
    indirectly widely reportedly apparently still again even all both similarly adversely significantly
    intermittently largely mostly momentarily further only already hardly most particularly especially
    the among worst currently now have has had to may might could would can must should will then later
    simultaneously since negatively materially potentially initially primarily mainly hard repeatedly
    suddenly abruptly"""
)
BEING = AUXILIARIES - words("'s ’s 're ’re")
NOTED = words("reported seen noted detected observed felt visible")
MERELY = words("just only merely simply longer")
NEGATIONS = words("not n't n’t never no nor neither none without hardly")
UNRELATED = NEGATIONS | words("unrelated separate")
NEITHER = words("neither none nor")
PREPOSITIONS = words(
    """at on of in for with across to from by within inside throughout affecting between into"""
)
COMMAS = words(", ; ( ) – — - :")
# What comes before them is not what they are about.
LATER = words("after since following that which")
# Something of an organisation's that is not the organisation: its being safe says nothing of the service.
BELONGINGS = words(
    """funds fund accounts account assets asset money balances balance deposits databases database keys
    coins holdings savings information passwords shares stock security wallets blockchain validators"""
)
OWN_VOICE = words(
    """it its it's they their them we our us some users user customers customer traders clients withdrawals
    deposits trading platform exchange app website services service systems system site engineers team
    the there a an issue issues problem problems outage errors elevated degraded widespread intermittent
    disruption connectivity that this"""
)
PEOPLE = words(
    """users user customers customer clients traders investors members people passengers players students"""
)
# They begin or govern something else than the next name of a list.
CLAUSES = (
    AUXILIARIES
    | PREPOSITIONS
    | LATER
    | NEGATIONS
    | PEOPLE
    | words(
        """but while said says told saying blamed citing including like unlike who whose where when because as
        if it its they he she we hit affected down working called named using runs uses ; : “ ” \" . ) ("""
    )
)
# "the websites of X", "customers of X": what is X's, and hit as X is.
HOLDINGS = words(
    """websites website sites site apps app services service systems users customers clients passengers
    subscribers platforms servers networks pages branches"""
)
# Capitals that tell where a name is from, and are no name.
DEMONYMS = words(
    """american british english scottish welsh irish french german italian spanish portuguese dutch belgian
    swiss austrian swedish norwegian danish finnish icelandic polish czech hungarian romanian greek turkish
    russian ukrainian israeli emirati saudi indian pakistani bangladeshi chinese japanese korean taiwanese
    thai vietnamese indonesian malaysian singaporean filipino australian canadian mexican brazilian
    argentine chilean colombian african nigerian kenyan egyptian european asian nordic baltic latin
    californian u.s. u.k. us uk eu south north new zealand hong kong"""
)
OPEN_BRACKET = words("( [")
CLOSED_BRACKET = words(") ]")
LEAVING = words("left leave leaves leaving")
SORRY = words(
    """idle dead broken dark stranded offline useless silent unusable frozen stuck blank inoperable down
    without unable unresponsive inaccessible unreachable waiting scrambling helpless"""
)
BLANKS = frozenset(STRINGS.add(blank) for blank in (" ", "\n", "\n\n", "\t"))
MARKS = BLANKS | words("* ** - – — • · # ## ### #### : . , ; ( ) and &")
COLON = words(":")
LIST_MARKS = words(": , – — ( -")
DETERMINERS = words(
    "the a an all any these those this that of most some every each other more following no for"
)
ARTICLES = words("a an the its their")
POSSESSIVES = words("its their own his her our")
# "The majority of X works": some of it does not.
PARTIAL = words("majority most some many part parts half several subset portion")
OTHERS = words("other others another remaining elsewhere")
FURTHER = words("other others also too further additional")
DESCRIPTIONS = (
    FILLERS
    | PREPOSITIONS
    | words(
        """and or websites website apps app sites site services platforms products brands names companies
    firms businesses banks users customers people like well-known big household popular things
    everything front end ends frontend frontends page pages homepage login"""
    )
)
AS_WELL_AS = words("as well")
BUT_ALSO = words("but also")
QUOTED = words(", \" ” ' ’ .")
BREATH = words(",")
NONE = words("no without any zero")
# "down 5%" is no outage.
MEASURES = words("""% percent per by from about around more nearly almost over roughly payment payments""")
DOWNERS = words(", both all apps app sites site services websites website platforms amid briefly")
# What an organisation says of them, it does not say of itself.
STRANGERS = words(
    """bitcoin market markets prices price economy rivals competitors industry clouds others stocks
    investors analysts"""
)
OF = words("for of at")
USING = words("using")
AMONG = words("among amongst")
MEDIA = words("in into to from via through on using")
FULL_BREAK = words(";")
CAUSE = words("cause root blamed blames blaming")
