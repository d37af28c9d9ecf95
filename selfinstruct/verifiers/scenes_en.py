"""English scenes, as lines: what the message is; `name: value of the example | values to draw`; `> ` the example."""

POOLS = {
    "people": "Maria Lopez | Jack Wilson | Priya Nair | Tom Becker | Grace Okafor | Daniel Cole | Lucy Marsh | Omar Haddad"
    " | Nina Petrova | Peter Walsh | Sofia Rossi | Leo Grant",
    "dates": "3 May | 23 September | 17 June | 5 October | 21 February | 12 July | 29 January | 14 November | 6 March"
    " | 27 August | 2 December | 26 June",
    "times": "9:15 am | 3:45 pm | 10:30 am | 4:20 pm | 2:10 pm | 5:50 pm | 9:40 am | 1:25 pm | 10:05 am | 12:15 pm",
    "phones": "555-0103 | 555-0118 | 555-0126 | 555-0134 | 555-0147 | 555-0152 | 555-0169 | 555-0175 | 555-0181 | 555-0196",
    "prices": "$35 | $48 | $60 | $75 | $90 | $65 | $120 | $40 | $72 | $95",
}
TEXT = """
a text message that confirms an appointment
recipient: Ben Fox | {people}
appointment: piano lesson | haircut | massage | dental check | hearing test | blood test | nail treatment | dress fitting | car service
date: 9 April | {dates}
time: 2:30 pm | {times}
> Hello Ben Fox, this is to confirm your piano lesson on 9 April at 2:30 pm. Please reply to this message if you cannot come.

a notice at school about something that was found
item: yellow pencil case | blue umbrella | red scarf | black wallet | silver bracelet | green lunch box | brown glove | pink water bottle | grey cap
place: art room | sports hall | library | canteen | music room | main entrance | bike shed | science lab | car park
date: 22 April | {dates}
contact person: Ben Fox | {people}
> A yellow pencil case was found in the art room on 22 April. The owner can collect it from Ben Fox at the office.

a notice that invites the residents of a house to a meeting
topic: the laundry room | bicycle parking | the new lift | rubbish collection | the heating costs | noise at night | the roof repair | door locks | the playground
date: 15 April | {dates}
place: the village hall | the courtyard | the main lobby | the bike cellar | the roof terrace | the school gym | the corner bakery | the reading room | the community centre
contact person: Clara Stone | {people}
> All residents are invited to talk about the laundry room in the village hall on 15 April. Please send questions to Clara Stone.

a message from a shop about a delivery
recipient: Clara Stone | {people}
item: folding bike | desk lamp | bookshelf | coffee machine | garden chair | kitchen table | winter coat | travel bag | wall mirror | bread maker
date: 30 April | {dates}
phone number: 555-0110 | {phones}
> Dear Clara Stone, your folding bike will be delivered on 30 April. Please call 555-0110 if nobody will be at home.

an invitation to a private celebration
recipient: Clara Stone | {people}
event: film night | housewarming party | graduation party | retirement dinner | costume party | barbecue | birthday picnic | farewell lunch | garden concert
date: 9 April | {dates}
place: the youth club | the old boathouse | the riverside park | the Green Lion | the community centre | the beach hut | the town hall | Mill Farm | the rose garden
> Hello Clara Stone, you are invited to our film night on 9 April at the youth club. Please tell us whether you can come.

a message that asks a colleague to take over a shift
recipient: Ben Fox | {people}
date: 22 April | {dates}
time: 6:15 pm | {times}
reason: a language exam | a family visit | a dental appointment | a school concert | a driving test | a house move | a court hearing | a wedding | a funeral
> Hi Ben Fox, could you please take my shift on 22 April at 6:15 pm? I have a language exam and would gladly return the favour.

a notice about work in a building
work: meter reading | lift maintenance | lamp replacement | pipe replacement | wall painting | drain cleaning | fire alarm testing | floor polishing | lock replacement
place: the front building | the north wing | the basement | the east staircase | the top floor | the underground garage | the office wing | the back building | the laundry room
date: 15 April | {dates}
phone number: 555-0110 | {phones}
> We have planned meter reading in the front building on 15 April. Please call 555-0110 if you have any questions.

an advertisement for an evening course
course: first aid | pottery | watercolour painting | bread baking | guitar playing | sign language | photography | knitting | public speaking
teacher: Clara Stone | {people}
date: 30 April | {dates}
price: $54 | {prices}
> Our evening course in first aid with Clara Stone starts on 30 April. It costs $54, and all materials are included.

a note for a neighbour who looks after a pet
recipient: Ben Fox | {people}
pet: guinea pig | rabbit | hamster | kitten | parrot | tortoise | budgie | puppy | canary | goldfish
date: 9 April | {dates}
phone number: 555-0100 | {phones}
> Dear Ben Fox, thank you for feeding our guinea pig until 9 April. If anything is wrong, please call us at 555-0100.

a message that a repair is finished
recipient: Clara Stone | {people}
item: tablet | laptop | washing machine | bicycle | sewing machine | camera | vacuum cleaner | record player | motorbike | wristwatch
price: $54 | {prices}
phone number: 555-0110 | {phones}
> Hello Clara Stone, the repair of your tablet is finished and costs $54. Please call 555-0110 before you collect it.

a note to a teacher that excuses a child from school
recipient: Clara Stone | {people}
child: Lily | Emma | Noah | Ruby | Felix | Hannah | Oscar | Molly | Theo
date: 22 April | {dates}
reason: a headache | a fever | a bad cold | a stomach bug | a family funeral | a hospital check | a sore throat | a sprained ankle | a toothache
> Dear Clara Stone, Lily could not attend school on 22 April because of a headache. Thank you for sending the homework.

a hotel's confirmation of a booking
recipient: Ben Fox | {people}
room: corner room | single room | double room | twin room | family room | lakeside room | garden suite | penthouse | studio
date: 15 April | {dates}
price: $54 | {prices}
> Dear Ben Fox, your corner room is booked from 15 April at a price of $54. We look forward to welcoming you.

an announcement of a club's day trip
destination: the glass museum | the salt caves | the lake islands | the butterfly house | the old mill | the coastal path | the rope bridge | the steam railway | the castle gardens
date: 30 April | {dates}
time: 7:20 am | 7:05 am | 7:45 am | 9:15 am | 9:40 am | 6:50 am | 10:10 am | 7:35 am | 9:05 am
contact person: Clara Stone | {people}
> Our next trip goes to the glass museum on 30 April, and the bus leaves at 7:20 am. If you want to come, please sign up with Clara Stone.

a small ad for something second-hand
item: sofa bed | desk | piano | wardrobe | tent | rowing machine | baby cot | bookcase | guitar | snowboard
price: $54 | {prices}
place: King Street | Maple Street | Station Road | Mill Lane | Church Square | Harbour Street | Park Avenue | Bridge Road | Garden Lane
phone number: 555-0110 | {phones}
> For sale: a sofa bed in very good condition for $54, to be collected in King Street. Please call 555-0110 for details.
"""
