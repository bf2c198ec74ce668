"""The words by which a text tells that something does not work, or that it will not for a while. Data."""

from __future__ import annotations

import re

from nlp.phrases import Phrases
from nlp.sentences import Sentence, Spot, Text

TROUBLE: Phrases[int] = Phrases(
    [
        (line, 1)
        for line in (
            "outage/outages/downtime/blackout/blackouts",
            "went/go/goes/going/gone/came down/offline/dark",
            "is/are/was/were/been down/offline",
            "taken/knocked/took/brought/bring/bringing .. down/offline/out",
            "service/services/system/systems/trading .. disruption*/interruption*/failure*/incident*",
            "platform/network/cloud .. disruption*/interruption*/failure*/incident*",
            "technical difficult*/issue*/problem*/glitch*/fault*/error*/failure*/malfunction*",
            "unable/inability to .. access/log/login/trade/withdraw/deposit",
            "unable/inability to .. connect/place/use/load/open/process",
            "suspend* .. .. trading/withdrawals/deposits/services/service/operations",
            "halt* .. .. trading/withdrawals/deposits/services/service/operations/markets",
            "trading/withdrawals/deposits .. .. suspend*/halt*/paused/frozen/unavailable",
            "paused/pausing/froze .. trading/withdrawals/deposits",
            "trading halt/suspension",
            "unavailable/inaccessible/unreachable/unresponsive",
            "unavailability",
            "degraded/degradation",
            "error/errors rate/rates",
            "connectivity/connection issue*/problem*/failure*/loss",
            "stop/stops/stopped/stopping working/responding/trading",
            "struggl* to .. log/access/load/connect/trade/pay/reach/use/place/open/sign",
            "requests/calls/logins/orders/payments .. .. .. failed/fail/failing",
            "stutter*/falter*/buckl*/wobbl*/sputter*",
            "stranded/darkened/blackout",
            "region/regions/service/services/system/systems/server/servers/platform/app/site failed/fails",
            "had/have/having trouble/problems/difficulty/difficulties/issues",
            "return/returned/returning errors/error",
            "was/were/is/are delayed",
            "failure/failures",
            "trouble/troubles/problem/problems with/on/at/in/accessing",
            "issue/issues with/in/on/affecting",
            "could/can not .. place/cancel/access/log/trade/withdraw/deposit/connect/be",
            "cannot .. place/cancel/access/log/trade/withdraw/deposit/connect/be",
            "servers .. overheat*/fail*/crash*",
            "server/servers crash*/fail*/shut",
            "disrupted/disruption/disruptions",
            "malfunction/malfunctions/malfunctioned",
            "slow/slowness/sluggish logins/login/trading/orders/withdrawals/deposits/api/website/performance",
            "glitch/glitches",
            "higher/faced/facing .. latency/latencies/outage*/disruption*/errors",
            "stop/stopped/halted/ceased producing/processing",
            "chain/blockchain/network/mainnet .. halt*/stall*/stopped",
            "cable/cables/fibre/fiber .. .. cut/cuts/severed/damaged",
            "cut off",
            "elevated/increased/high .. errors/error/latency/latencies/delays/faults",
            "delay/delays/delayed .. metrics/orders/deposits/withdrawals/events/processing",
            "experienc*/undergoing .. .. issue*/problem*/error*/delay*/latenc*/timeout*/failure*/difficult*",
            "investigating .. issue*/problem*/error*/report*/elevated/increased",
            "loss of power/connectivity/service",
            "power/hardware/cooling/network failure/outage/loss/issue*",
            "post mortem/incident",
            "failure report",
            "encountered .. issue*/problem*/error*",
            "impacted/affected .. customers/users/services/platforms/exchanges/traders",
            "began/begun/started/starts/begins to fail/crash/malfunction",
            "offline from/for/on/at/after/until/overnight/shortly/around/since/as/when/because",
            "offline worldwide/globally",
            "knocked/locked/kicked/timed out",
            "lost .. power/internet/connection*/service/services/connectivity/network/access/signal",
            "could/can not .. open/use/reach/order/process/show/read/send/pay/bank/stream/play/watch",
            "went/go/goes/gone/fell silent/blank",
            "was/were/is/are/been silenced/stuck/stranded/paralysed/paralyzed",
            "vanished/disappeared/dropped .. off/from .. internet/web/net",
            "not reachable/loading/working/responding/available",
            "blank/error page/pages/screen/screens/message/messages",
            "zero/wrong/incorrect/missing balance/balances",
            "500/502/503/504/5xx/404/server/gateway error/errors",
            "returned/returning/showed/showing .. errors",
            "app/apps/site/sites/website/websites .. frozen/froze/dead/idle/stuck",
            "platform/service/services/exchange .. frozen/froze/dead/idle/stuck",
            "all dead/down/broken/frozen",
            "aws/azure/cloudflare/amazon/google/gcp/cloud down",
            "was/were/is/are .. out for",
            "ground/grinds/grinding/came/come/coming/brought to .. halt/standstill",
            "knocked/knocks/knocking/took/takes/taking/forced .. .. offline/out/dark",
            "market/markets/futures/orders/quotes/session/contracts .. halted/frozen/suspended/stopped",
            "halted/froze/frozen/suspended/stopped .. market/markets/futures/orders/quotes/contracts",
            "stopped/stops/stop/stopping accepting/matching/loading/updating/taking/serving",
            "saw/see/sees/seeing/seen .. timeouts/errors/failures/delays/latency/interruptions/disruption*",
            "timeouts/timing out",
            "hiccup/hiccups/mishap/mishaps/snag/snags/blip/breakdown/breakdowns/stoppage/meltdown/meltdowns",
            "interruption/interruptions",
            "fault/faults at/in/with/on/of",
            "software/hardware/network/system/server/database/power/storage issue*/problem*/glitch*/fault*",
            "software/hardware/network/system/server/database/power/storage error*/bug*/defect*",
            "without service/access/power/internet/connection/email/phones/signal/network",
            "knock*/took/takes/taking out",
            "crippl*/paralys*/paralyz*/hobbl*/silenc*/felled/fells",
            "reboot*/crash* in .. loop",
            "failed/failing/stuck swaps/orders/transactions/payments/logins/trades/transfers/calls",
            "unscheduled/emergency/unplanned maintenance",
            "maintenance/read-only mode",
            "following/after .. failure/fault/crash/malfunction of",
            "gaps in .. service/coverage",
            "fallen over",
            "lasted .. .. hours/minutes",
            "gave/given/gives out",
            "has/have/had died",
            "power/electricity/cooling/water .. cut/lost/failed/out",
            "brought/brings/bringing/drag*/pull* down",
            "keeled/fell/fall over",
            "cancel/post/limit only mode",
            "ran/run/running into trouble/problems/difficult*/issues",
            "kept/keeps/keeping/prevent* .. customers/users/clients/traders/them/people from",
            "locked out",
            "withdr*/dropped/lost .. prefixes/routes/packets/addresses",
            "addresses/prefixes/routes .. withdrawn/dropped/lost",
            "vanished/disappeared for/on/at",
            "packet loss",
            "is/are/was/were .. failing/stalled/impaired/impacted/throttled/disrupted/interrupted",
            "requests/logins/orders/payments/transactions/calls .. failed/failing/rejected/stalled",
            "unable to",
            "overheat* .. .. data/hall/room/center/centre/facility",
            "data/hall/room/center/centre/facility .. overheat*/flooded/burned",
            "lost .. cooling/backbone/uplink*/contact/communication",
            "blamed/blames .. outage/failure/fault/trouble",
            "not/n't/never .. load/respond/open/start/connect/complete/arrive/go",
            "would/could/can/will n't load/log/open/trade/pay/access/withdraw/connect",
            "was/were/is/are .. patchy/spotty/flaky/erratic/sluggish/unstable/unreliable/glitchy",
            "login/logins/payments/trading/service/services/email/phones is/was/were/are out",
            "couldn't/can't/wouldn't/won't load/log/open/trade/pay/access/withdraw/connect/place/check",
        )
    ]
)
OWN_TROUBLE: Phrases[int] = Phrases(
    [
        (line, 1)
        for line in (
            "issue/issues/problem/problems/fault/trouble at",
            "investigating/identified/monitoring",
        )
    ]
)
SCHEDULED: Phrases[int] = Phrases(
    [
        (line, 1)
        for line in (
            "scheduled/planned/upcoming .. maintenance/upgrade",
            "will .. undergo/perform/conduct .. maintenance",
            "this is a scheduled event",
            "maintenance window/notice/completed/scheduled",
            "to/will .. suspend/halt/pause .. deposits/withdrawals/trading",
            "to/for/support .. .. upgrade/fork/migration",
            "day/week/night long maintenance",
            "announced .. .. ago/earlier/beforehand",
        )
    ]
)
PRICE = re.compile(
    r"\s+(?:(?:by|over|about|nearly|almost|more than|around|to) )*"
    r"[$€£]?\d[\d.,]*(?![\d.,]*:)\s?(?:%|per ?cent|points?)?"
)


def find_trouble(text: Text) -> dict[Sentence, list[Spot[int]]]:
    """Sentences that tell of something that does not work; a price that is down is none."""
    found: dict[Sentence, list[Spot[int]]] = {}
    for sentence, spots in text.find(TROUBLE).items():
        left = [spot for spot in spots if not PRICE.match(text.low[sentence], spot.end)]
        if left:
            found[sentence] = left
    return found
