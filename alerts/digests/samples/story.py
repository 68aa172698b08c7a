"""A fictional catch-up: ten questions, five answers, a newsletter's item, four alerts. Written by us, all of it."""

from dataclasses import dataclass
from datetime import date

ALERTS = {
    "Harbour pilots": "pilots AND (wages OR safety)",
    "Keepers at home": 'lanterns AND "keepers and their families"',
    "Seals and otters": "seals OR otters",
    "Night ferries": '"night ferries"',
}
WAGES = """The table of wages that the Department published in the autumn shows for the first time what each harbour \
pays its pilots, and how far the wages of the outer islands lie below those of the mainland. It will come out again \
every spring, with the number of ships brought in and the number of seals and otters seen on the way, because the \
same boats do both. From next year the night ferries have a line of their own.
The harbour masters have agreed to use one form for it. A copy stands in the reading room at Sandholm, where the \
notices on safety are kept as well, and the librarian will send it by post to whoever asks."""
SCHEMES = """In January the Department published its plan for the seven harbours of the coast. It says how each of \
them will be lit, dredged and staffed until the end of the decade.
The plan rests on what the harbours told us and on two winters of measurements. We look each month at how long a pilot \
waits for a ship, and at what that waiting costs.
Each scheme has a person who answers for it. That person reads every report of a near miss, visits the crews twice a \
year, and writes down what the wages of pilots have to do with the hours they keep, since tired people make mistakes \
and safety at the bar depends on who is awake.
The first reports will be ready in the summer. We will place them in the Library, together with what the harbour \
masters say about them."""
LANTERNS = """Lanterns are the oldest thing that the Department looks after, and it continues to do so.
Mending the lanterns in the houses of keepers and their families is the first aim of this year. Several districts, \
Sandholm among them, are trying out a new wick in the kitchens of the larger stations, and are teaching the mates how \
to trim it without letting the flame go down.
The school at Wickby has taught the care of lanterns since the spring. It has places for forty people, half of them \
from the islands, and the boat that takes them there is free of charge.
The stores at Gull Point were emptied in the winter so that the roof could be tarred. While that went on the glass was \
kept in the chapel, where a family of otters had to be asked to leave first. Nothing was broken.
We do not plan to add to the list of what a keeper may order. The list says that everybody who lives at a station has \
a right to a lantern, to oil for it, and to somebody who comes when it goes out.
A survey of what keepers and their families think of their lanterns is in its third year. Three in four say that they \
can read by theirs. The answers are used when new ones are bought, and the next survey will also ask the children."""
NURSERY = """In March the Department opened a second nursery at Little Wick. It takes in every seal that is found \
alone on the northern beaches, and there is a pool for otters behind it. Visitors are welcome on Sundays, when a \
keeper shows how the animals are fed, and may stay the night in the boathouse where there is room."""
PATHS = """The plan for the coastal paths says how they will be kept open in the winter, so that people can walk them \
without treading on seals, otters or the nests of birds. Each parish has one person who walks its part every week and \
writes down what has to be mended.
Where a path has slid into the sea a new one is marked within the month. The money comes from the fund for small \
harbours, which was doubled in the autumn, and the work is done by the people who live there."""
BELL = """After a quiet year the company that runs the boats has told the council that its night ferries will carry a \
bell again. A letter from the coast's three newsletters asked for five things, which are set out below:
1. A bell on each boat, and somebody to ring it.
2. A lamp at the end of each pier.
3. Tea.
4. A timetable that one can read in the dark.
5. An answer to this letter.
Only time will tell whether the tea comes."""


@dataclass(frozen=True)
class Reply:
    """One answer and the questions it was given to, all under one heading; `lords` where the Lords asked."""

    on: date
    heading: str
    answer: str
    asker: str
    asked: tuple[str, ...]
    lords: bool = False

    def uin(self, number: int) -> str:
        """The number in Parliament of its question with this number, from 1."""
        return f"{'HL' if self.lords else ''}{self.on:%m%d}{number}"

    def question(self, number: int) -> str:
        """Its question with this number, from 1, as Parliament prints it."""
        office = "His Majesty's Government" if self.lords else "the Secretary of State for Lighthouses,"
        return f"To ask {office} {self.asked[number - 1]}."


REPLIES = (
    Reply(date(2026, 2, 26), "Harbour Pilots: Safety", SCHEMES, "Tom Perrin", (
        "what assessment he has made of the effect of schemes for the safety of pilots on the wages of those who count "
        "seals at night",
        "what steps his Department is taking so that schemes for the safety of pilots also look at the wages of those "
        "who count seals",
    )),
    Reply(date(2026, 3, 2), "Lanterns: Keepers and their Families", LANTERNS, "Ada Fenwick", (
        "what assessment he has made of the report entitled Lanterns by the Sea, published on 8 November 2025",
        "what steps he is taking to improve the mending of lanterns in the houses of keepers and their families",
        "if he will make an assessment of the Wickby Society's paper entitled Keepers and their Families: Their "
        "Lanterns and Their Lamps",
        "what the effect of the new list of stores is on keepers and their families whose lanterns have gone out; and "
        "whether he plans to have a list of their own made for them",
        "if he will add to that list for keepers and their families with lanterns (a) a wick and (b) a second wick",
    )),
    Reply(date(2026, 3, 3), "Coastal Paths: Winter", PATHS, "Baroness Orme", (
        "what is done to keep the coastal paths open in the winter",
    ), lords=True),
    Reply(date(2026, 3, 4), "Seal Nurseries", NURSERY, "Tom Perrin", (
        "what steps he is taking to make more room for seals and otters at Little Wick",
    )),
    Reply(date(2026, 3, 10), "Harbour Pilots: Islands", WAGES, "Ada Fenwick", (
        "what steps he is taking to make public the wages of those who bring in the night ferries",
    )),
)  # fmt: skip
BELL_HEADING, BELL_ON = "A bell for the night ferries", date(2026, 3, 9)
NEWSLETTER = "The Lamp Room"
