"""Small talk: messages that greet, thank or ask about the assistant itself, and ask nothing of the articles."""

import re
from typing import Literal

SmallTalk = Literal["greeting", "thanks", "farewell", "identity", "abilities"]

POLITE = re.compile(
    r"\A(?:(?:please|kindly|ok|okay|so|well|and|just) |(?:can|could|will|would) you (?:please )?|"
    r"i(?:'d| would) like (?:you )?to |i want (?:you )?to )+",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"(?<![.,;:!?…—])[.,;:!?…—]++(?:\s|\Z)")
_NOT_A_WORD = re.compile(r"[^\w' ]")
_PATTERNS: dict[SmallTalk, re.Pattern[str]] = {
    "greeting": re.compile(
        r"\A(?:(?:hello|hi|hiya|hey|howdy|greetings|welcome back|good (?:morning|afternoon|evening|day)|hola|bonjour|"
        r"hallo|salut|hej|hei|moin|guten (?:tag|morgen|abend)|buenos d[ií]as|привет|здравствуйте|你好|こんにちは)"
        r"(?: (?:there|again|everyone|everybody|all|assistant|bot|friend|you))*|"
        r"how are (?:you|things)(?: doing)?(?: today)?|how(?:'s| is) it going|what's up|nice to meet you)\Z"
    ),
    "thanks": re.compile(
        r"\A(?:(?:many |great |no )?(?:thanks|thank you|thx|ty|cheers|merci|danke|gracias|grazie|tak|takk|tack|"
        r"obrigado|спасибо|谢谢|ありがとう)(?: (?:a lot|a million|so much|very much|again|you|indeed|"
        r"for (?:your|the|that|this|all|everything|helping)(?: (?:help|answers?|reply|information|info|me))?))*|"
        r"(?:(?:that|it|this)(?:'s| is| was) )?(?:(?:very|really|so|just) )?"
        r"(?:great|good|nice|perfect|excellent|awesome|cool|wonderful|helpful|brilliant|amazing|interesting)|"
        r"ok|okay|got it|i see|well done|good (?:bot|job|work|answer)|much appreciated)\Z"
    ),
    "farewell": re.compile(
        r"\A(?:good ?bye|bye|bye bye|see you|see you (?:later|soon|tomorrow)|good night|farewell|tschüss|au revoir|"
        r"adiós|ciao|have a (?:nice|good|great|lovely) (?:day|evening|weekend|one)|"
        r"that(?:'s| is| was| will be) all(?: for (?:now|today))?)\Z"
    ),
    "identity": re.compile(
        r"\A(?:(?:who|what) (?:exactly )?are you(?: exactly)?|who am i (?:talking|speaking|chatting) (?:to|with)|"
        r"what(?:'s| is) your name|do you have a name|introduce yourself|tell me (?:something )?about yourself|"
        r"are you (?:an? )?(?:real |actual )?(?:bot|robot|ai|human|person|chatbot|machine|llm|language model|computer|"
        r"chatgpt|real)|what (?:kind|sort) of (?:bot|assistant|ai|chatbot|program) are you|"
        r"who (?:made|built|created|developed|programmed) you)\Z"
    ),
    "abilities": re.compile(
        r"\A(?:what (?:else )?can you (?:do|answer|help(?: me)? with|tell me)(?: (?:for me|here))?|"
        r"what (?:else )?can i (?:do|ask)(?: (?:you|here))?(?: about)?|"
        r"what (?:kinds? of |sorts? of )?questions can (?:i ask(?: you)?|you answer)|what do you do|"
        r"how (?:can|could) you help(?: me)?|how do you work|help|help me|i need (?:some )?help|can you help me|"
        r"what are you (?:for|able to do|capable of)|what do you know|"
        r"how (?:do|can|should) i use (?:you|this (?:assistant|bot|chat)))\Z"
    ),
}


def find_small_talk(message: str) -> SmallTalk | None:
    """Return the kind of the last clause of a message; None unless every clause is small talk."""
    clauses = [" ".join(_NOT_A_WORD.sub(" ", clause).lower().split()) for clause in _CLAUSE_END.split(message)]
    kinds = [_clause_kind(clause) for clause in clauses if clause]
    return kinds[-1] if kinds and all(kinds) else None


def _clause_kind(clause: str) -> SmallTalk | None:
    forms = (clause, POLITE.sub("", clause))
    return next((kind for kind, pattern in _PATTERNS.items() if any(map(pattern.match, forms))), None)
