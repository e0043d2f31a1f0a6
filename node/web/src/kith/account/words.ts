/**
 * A list of 2048 short English words, eleven bits each, to be read aloud and typed.
 *
 * The order is part of the format: it is that of `kith_crypto.words`, never sorted anew, extended
 * or corrected. It is loaded only where words are shown or read.
 */

export const BITS_PER_WORD = 11;

/** The words, in order. */
export const WORDS: readonly string[] = `
about above absent absorb accent accept access account acre active actor actual adapt add
address adjust admire adopt advance advice affair afford afraid after again agenda agree aim
airport alarm album alert alike allow almond almost alone alpha already also always amber
amuse anchor ancient angle animal ankle annual answer antenna antique any apple apply apricot
april apron arena argue armchair aroma around arrange arrive artist aside aspect asphalt
assist assume athlete atlas atom attach attend attic auction august author auto autumn avenue
average avocado avoid awake award away axis axle bachelor back badger bag bagel baker balance
balcony ballet balloon balm bamboo banana banjo banner barber bargain barley barn barrel basil
basin basket bath baton battery beacon beak beam beard beauty beaver because become bee beetle
before begin behave behind belong below belt bench benefit beside beyond bicycle bill birch
bird biscuit bit blanket blink block bloom blossom blouse blur body bold bonus boot borrow
boss bottle bottom bounce box bracket brain brand brass brave breeze brick bridge brief bright
brim bring brisk broad brook brother brown browse bubble bucket buckle bud buddy budget
buffalo buffet bugle build bulb bulk bundle burger business busy butter button buyer buzz
cabbage cabin cabinet cable cactus calcium calf camel camera campus canal canary cancel candle
candy canoe canvas canyon capable cape captain caramel caravan carbon card cargo carol carpet
carrot carry cash cashew castle casual cat catalog cattle cause celery cello cement century
certain chair chalk chamber champion chance channel chapter charge chariot charm chart chase
check cheer cheese chef cherry chess chest chicken child chimney chin choice chorus chunk
cinema cinnamon circle circus citizen citrus city civic civil claim clarify clarinet class
clay clean clear clerk click client cliff climate climb clinic clip cloak close cloth club
cluster coach cobalt cocoa coconut code coffee collect college color colt column comb combine
comedy comet comfort common company compass concert conduct confirm connect contact content
contest control cookie copper copy coral corn corner correct cosmic costume cottage cotton
cougar country couple courage court cousin cover cow coyote crab cradle crane crater crawl
crayon cream create credit cricket crimson crisp critic crop cross crowd cruise crumb crunch
crust crystal cube cuckoo cucumber cuff culture cup cupboard curious curtain curve cushion
custom cycle cymbal cypress daily daisy damp dance dandy daring dark data debate debut decade
decent decide declare decorate deep degree delay deliver delta demand denim dense dentist
depart depend depth deputy derive describe design desk detail detect develop device diagram
dial diamond diary differ digest digital dinner dinosaur diploma direct dish dismiss display
distance ditch divide doctor document dog dollar dolphin domain domino donate donkey door dot
double dove dozen dragon drama drawer dream dress drift drill drink drizzle drop drum dry duck
dune during duty dynamic eager eagle early earth easel easy echo eclipse ecology economy edit
editor effort egg either elastic elbow elder electric elegant element elephant elevator eleven
elk elm embark embassy emblem embrace emerald employ empty enable enact endless endorse energy
engage engine enjoy enlist enough enrich enroll ensure enter entire entry envelope episode
equal equip era errand escape essay estate eternal evening event every evident evolve exact
example excel except exchange excite exercise exhibit exit exotic expand expect explain
explore export express extend extra eyebrow fable fabric fact factory fairy falcon fall family
famous fancy fantasy farmer fashion faucet feature february feed fence fender fennel fern
ferry festival fetch few fiber fiction fiddle field fifteen fifty fig figure film filter final
find finish firefly firm first fish five flag flame flamingo flannel flash flavor fleet
flexible flint flip float flock floor fluid flute fly foam focus foil folk follow food
football forest format fort fortune forum forward fossil fountain fox foyer fraction frame
freedom freeze freight fresh friday friend fringe frog front frost frozen fruit fudge fuel fun
function funny furnace future gadget galaxy gallery gallop gap garage garden garlic garment
gather gauge gaze gecko gem general generous genius gentle genuine geyser giant gift giggle
ginger giraffe give glacier glad glance gleam glimpse glitter globe glory glossy glow glue
goal goat goggles gondola good goose gopher gorilla gossip govern gown grace granite grant
graph grass gravel gravity gray green greet grid grill grin grocery ground group grove guard
guess guide guitar gulf gym habit hail hallway halo hamlet hammer hammock hamster hand handle
hangar happen happy harbor hardware harmony harness harvest hat hatch haven hawk hazel head
health heart heather hedge hedgehog height helmet help herd hermit heron hexagon hidden
highway hike hill hint hippo history hobby hockey hold holiday hollow holly home honest honey
hoof hook hope horizon hospital host hotel house hover hub huge hum human humble humor hundred
hungry hurdle hurry hybrid hydrogen iceberg icicle icon idea identify igloo image imagine
impact import impress improve impulse inch include income increase index indigo indoor
industry infant inform inherit initial inland inlet innocent input inquiry insect inside
inspire install instant intact interest into invent invest invite iris iron island item ivory
ivy jacket jade jaguar janitor january jar jasmine jazz jeans jeep jelly jersey jewel jigsaw
job join joke jolly journal journey joy judge juice july jumble jump june jungle junior
juniper jury just justice kangaroo karate kayak keen kennel kettle keyboard kilo kimono kind
kingdom kiosk kitchen kite kitten kiwi knee knock koala label labor lace ladder lagoon lamb
language lantern laptop large lark lasso latin laugh laundry laurel lava lavender lawn layer
lazy leader leaf league learn least leather leave lecture left legal legend leisure lemon lend
length lens leopard lesson letter lettuce level lever liberty library license lid life light
lilac lily lime limit linen lion liquid list listen liter little lively lizard llama loaf
lobby lobster local locate locker locust lodge loft logic long look loop lotus loud lounge
love loyal lucky luggage lunar lunch luxury lyric machine magenta magic magnet main major make
mammal manage mandolin mango manner mansion mantle manual map maple marathon marble march
margin marina marine market maroon married marsh mask mason material matrix matter maximum may
maybe mayor maze meadow mean measure mechanic medal media medical medium mellow melody melon
melt member memory mention mentor menu merchant merge merit mesh message metal meter method
metro middle midnight mild milk mimic mineral minimum mint minute miracle mirror mission
mitten mix mixture mobile model modem modern modest modify module moment monday monitor monkey
monsoon month moon moral more mosaic moss motion motor mount mouse movie much mud muffin mug
mule multiply museum mushroom music muslin must mustard mutual myself mystery myth nacho name
napkin narrow nation nature navy near nearby neck nectar needle neighbor neon nephew network
neutral never newt next nickel niece nimble nine noble nobody nomad noodle noon normal north
nose note notebook nothing notice notion novel november nozzle number nurse nutmeg nylon oak
oasis obey object oblong oboe obtain obvious occasion occur ocean octagon october octopus odd
offer office often okay olive omelet omit once onion online only onto onward opal opera
opinion option oracle orange orbit orchard orchid order organ origami origin osprey ostrich
other otter outcome outdoor outfit outlet outline output outside oval oven owl owner oxygen
oyster pack package paddle page paint palace palm pan pancake panda panel panther pantry
papaya paper parade parcel parent parking parlor parrot parsley part partner pass passage
passport pasta pastel pastry path patio patrol pattern pave payment pea peach peacock peanut
pearl pebble pecan pelican pen pencil penguin penny people pepper percent perfect perform
perfume perhaps period permit person petal phone photo phrase piano piccolo pick pickle picnic
picture pier pigeon pillar pillow pilot pink pioneer pipe pitch pitcher pixel pizza plank
plant plaster plastic plate platform play plaza please pledge plenty plow plumber plus pocket
podium poem poet point polar polish polite pollen pond pony pool popcorn popular porch portion
portrait position possible post postcard potato pottery pouch power practice praise prepare
present press pretty pretzel previous primary prism private prize probable problem process
produce program project promise promote proper protect proud provide pudding puddle puffin
pull pulse puma pump pumpkin punch pupil puppet puppy purchase purple purpose purse push
puzzle pyramid python quail quality quarter quest question queue quick quiet quill quilt
quince quite quiz quota quote rabbit raccoon radar radio radish raft railway rainbow raisin
rally ramp ranch ranger rapid rare rate rather raven ravine raw razor react ready reason
rebuild recall receive recipe record recover recycle reduce reef refer reflect reform refresh
refuge refund regard region regular reindeer relax relay release relief remain remark remember
remind remote remove render renew rent repair repeat replace reply report request rescue
resemble reserve resist resource respect respond result retail retire return reveal review
reward rhythm ribbon rich ride ripple rise rival river roast robe robin robot rock rocket
rodeo romance roof room rooster rope rotate rough routine row rudder rug rugby ruler run
runner runway rural rustic rye saddle safari safe saffron saga sailor salad salon salt salute
sample sandal sandwich sapphire sardine satin saturn saucer sauna save savor scale scallop
scan scarf scatter scene scenic schedule scholar school science scissors scoop scooter scope
score scout scrap screen screw script scroll sculptor seagull seal search season seat second
secret section sector secure seek select senior sense sentence separate sequel series serious
serve service sesame session settle seven several shade shadow shape sharp shawl shed sheep
sheet shelf shell shelter sheriff shield shift shine ship shirt shoe shop shoulder shovel
shower shrub shuffle shutter shuttle shy sibling sidewalk sierra siesta sight sign signal
silent silk silly silver similar simple since sing singer single siren sister six sixty size
skate sketch skill skip sky skyline slate sled sleep sleeve slender slice slide slim slipper
slope small smile smooth snack snail snap sneaker snow soccer social soda sofa software soil
solar soldier solid solo solution solve sonata song soprano sort sound soup south space
spaniel spare spark sparkle sparrow speak special speech speed spell spend sphere spice spider
spin spinach spiral spirit splash sponge sponsor spoon spot sprawl spray spread spring
sprinkle sprint spruce square squash squid squirrel stable stadium staff stage stamp staple
star station statue stay steady step stereo stew stick still stir stitch stock stomach storm
story stove straight strand strap straw stream street stretch string stripe stroll strong
studio study subject submit suburb subway success such sudden sugar suggest suit suitcase
summer summit sunday sunny sunrise sunset super supply support surf surface surprise surround
survey sushi swallow swan swap sweater swift swim switch sword syllable symbol symphony syrup
system tablet tackle taco tailor take talent tall tango target tart task taste taxi teach
teapot tempo tenant tennis tenor tent term terrace text thank theater theme then theory
thermos thick thimble thing third thirty this thistle thorn thread thrive throw thumb thunder
thursday ticket tidy tie tiger timber timid tiny tissue title toad toast today toddler toffee
together token tomato tomorrow tone tongue tonight tool tooth top topaz topic torch tornado
tortoise total toucan tough tour tourist toward towel tower town track tractor trade trail
train tram transfer travel treasure treat tree trek trend triangle trip trophy tropical
trouble trousers trout truck true truffle trumpet trunk trust truth try tube tuesday tugboat
tulip tumble tuna tundra tunic tunnel turbine turkey turn turnip turtle tutor twelve twenty
twice twig twilight twin twist type typical umbrella uncle under undo unfold unicorn uniform
union unique unit universe unlock until unusual update upgrade uphold upland upon upper
upright uptown upward urban urchin urge usage use useful usher usual utensil utmost vacant
vacation valid valley value valve vanilla vapor various vase vast vault vector velvet vendor
venture verb verify verse version vessel veteran viaduct video view village vine vinegar
vineyard vintage viola violet violin visa visible vision visit visual vital vivid vocal voice
volcano volume vote voucher vowel voyage wade waffle wagon walk wallet walnut walrus waltz
wander want wardrobe warm wash watch water wax wealth weave website wedding weekend weekly
welcome well west wheat wheel when where whisk whisper whistle white wicker width wild willow
window wing winner winter wire wisdom wise wizard wolf wonder woodland wool work workshop
world worth wren wrist writer yacht yak yam yard yawn year yeast yellow yes yet yodel yoga
yogurt young youth zebra zenith zero zest zigzag zinc zipper zodiac zone zoom
`
  .trim()
  .split(/\s+/);
