"""The words around a name that tell what it does in its clause. They are data: `vocabulary/cues.txt`."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from itertools import product

from nlp.vocabulary import FOLDER


class Cue(StrEnum):
    """The bar in each example tells on which side of the cue the name stands."""

    FELL = "fell"  # X | went down: the subject is hit
    DOWN = "down"  # X | down: a fall, unless it counts something
    STRUCK = "struck"  # X was | affected; the outage | affected X: the voice decides
    TROUBLE = "trouble"  # the X | outage; an outage | at X
    REACH = "reach"  # unable to | access X
    SPARED = "spared"  # X | continued to operate
    NORMAL = "normal"  # X | is operating normally: spared, or well again
    EXCEPT = "except"  # unlike | X
    RUNS_ON = "runs-on"  # hosted on | X
    CARRIES = "carries"  # X | powers Y
    MOVE_TO = "move-to"  # failover to | X
    MOVE = "move"  # moved its servers to | X
    TOLD = "told"  # according to | X
    INVERTED = "inverted"  # "...," said | X
    SAYS = "says"  # X | said
    OFFICE = "office"  # X's | status page, X | spokesperson
    MARKET = "market"  # X | shares
    CONTACT = "contact"  # please contact | X
    BLAMED = "blamed"  # because of | X
    AFTER = "after"  # following | X
    PAST = "past"  # six months earlier
    ECHO = "echo"  # comes weeks after | the outage at X
    INCLUDING = "including"
    VICTIMS = "victims"  # services affected | : X, Y
    TURN = "turn"  # but, while: another clause begins
    RELATIVE = "relative"  # which, who
    TRADE = "trade"  # the text is about markets
    HOSTING = "hosting"  # the text is about data centres
    NOTHING = "nothing"  # holds the words of another cue and tells nothing


# What befalls a name: any of them makes a text the account of an outage.
HARM = frozenset({Cue.FELL, Cue.STRUCK, Cue.TROUBLE, Cue.VICTIMS})


@cache
def load_cues() -> dict[str, frozenset[Cue]]:
    """Each phrase with its classes. `go/goes down` stands for two phrases."""
    found: dict[str, set[Cue]] = {}
    cue = Cue.FELL
    for line in (FOLDER / "cues.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            cue = Cue(line.strip("[]"))
        elif line and not line.startswith("#"):
            for words in product(*(word.split("/") for word in line.casefold().split())):
                found.setdefault(" ".join(words), set()).add(cue)
    return {phrase: frozenset(cues) for phrase, cues in found.items()}
