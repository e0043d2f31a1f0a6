# Browse, the pages of an offer and a profile, the library; and words that several areas share.
optional = optional
confirm-cancel = Cancel
report = Report
block = Block
# Two sentences that follow each other.
two-sentences = { $first } { $second }
way-advise = advise
way-teach = teach
way-practise = practise
way-review = review
way-listen = listen
way-accompany = accompany
format-chat = chat
format-voice = voice
format-video = video
format-in-person = in person
when-weekdays = weekdays
when-evenings = evenings
when-weekends = weekends
level-starting = starting
level-some = some experience
level-experienced = experienced
answers-days = within days
answers-week = within a week
answers-longer = after longer
audience-adults = adults
audience-youth = young people
room-open = There is room
room-full = No room at the moment
facet-topics = Topic
facet-languages = Language
facet-ways = Way
facet-formats = Format
facet-when = When
facet-level = Level
facet-room = Room
facet-communities = Community
facet-unsaid = Many offers do not say.
facet-all = All of them
# $what: topics, languages or other values, as a list.
why-topic-exact = About { $what }.
why-topic-under = Part of what you look for: { $what }.
why-topic-near = Close to it: { $what }.
why-words = It mentions { $what }.
why-knows = About something you know: { $what }.
why-language = In { $what }, which you can read.
why-way = They { $what }.
why-format = By { $what }.
why-when = On { $what }.
why-level = For this level: { $what }.
why-has-room = There is room.
why-way-differs = They { $what } instead.
why-when-differs = At another time: { $what }.
why-level-differs = Meant for another level: { $what }.
# $when: within days, within a week, after longer.
usually-answers = Usually answers { $when }
# $count: how many.
count-offers =
    { $count ->
        [one] { $count } offer
       *[other] { $count } offers
    }
count-communities =
    { $count ->
        [one] { $count } community
       *[other] { $count } communities
    }
# $offers, $communities: both with their number.
browse-count = { $offers } from { $communities }
browse-count-best = { $offers } from { $communities }, best fit first
browse-search = Search
browse-search-hint = A topic, a skill, a question
browse-filters = Filters
browse-chosen = Chosen
browse-results = Offers
# $what: a topic, a language or another value.
browse-take-away = Without { $what }
browse-clear = Clear all
browse-show =
    { $count ->
        [one] Show { $count } offer
       *[other] Show { $count } offers
    }
browse-mean = Did you mean
browse-here = Searched on this device.
browse-here-more = Let the node search? It then sees the words.
browse-at-node = Searched by the node.
browse-at-node-more = It sees the words while it searches, and keeps none.
browse-node-switch = Let the node search
# $day: a date.
browse-offline = No connection. This is the copy of { $day }.
browse-nothing = Nothing like that at the moment
browse-nothing-more = Fewer filters, or another word for it, may help. Offers come and go.
browse-hidden = Some offers are hidden on this device.
browse-show-hidden = Show them
wishes = Your wishes
wish-fresh = Something new
# $what: the words of a wish.
wish-drop = Drop the wish: { $what }
wish-title = Nothing quite right yet?
wish-kept = Kept as a wish
wish-more = A wish stays on this device and speaks up when something fits.
wish-keep = Keep as a wish
crisis-title = Somebody listens now
crisis-more = Outside this community. Calling or writing there leaves traces on this device, and perhaps on a bill.
offer-page = Offer
profile-page = Profile
offer-back = Back to results
offer-gone = This offer is no longer there
offer-gone-more = It ended, or whoever made it took it back. Others may be close to it.
offer-also-in = Also in
offer-how = How
offer-region = Region
offer-when-note = Real times are never published. You exchange them sealed, in the knock and the answer.
offer-for-whom = For whom
offer-level-and = { $level }; { $audience }
offer-any-level = Any level; { $audience }
offer-shape = Shape
offer-group = A circle: several people at once
offer-answers = Answers
offer-until = Stays up until
offer-actions = What you can do
offer-knock = Knock
# $left: knocks that are free; $of: how many can be open at once.
offer-knocks-left =
    { $left ->
        [one] A short sealed note. { $left } of { $of } knocks is free.
       *[other] A short sealed note. { $left } of { $of } knocks are free.
    }
offer-none-left = All { $of } knocks are open. Withdraw one, or wait for an answer.
offer-full = No room at the moment. It comes back when there is.
offer-full-more = No room at the moment. Keep it for later: this device tells you when there is.
offer-offline = Knocking needs a connection the first time, to fetch the offer’s key.
offer-knocked = You knocked here. The answer is on its way, or not written yet.
offer-open-knock = Open the knock
offer-talking = You two are talking already.
offer-open-talk = Open the conversation
offer-own = This is your offer.
offer-edit = Change it
offer-sealed = You learn which persona this is only once they accept. They see only what you write.
offer-keep = Keep for later
offer-kept = Kept
offer-hide = Hide
offer-hide-title = Hide this offer?
offer-hide-more = Only on your devices. Nobody is told.
# $community: a community's name.
offer-hide-community = Hide everything from { $community }
people = Profiles of this community
people-lead = Those who want to be found at home. Most members have none.
people-none = No profiles yet
people-none-more = A persona can be published as a profile under Me.
profile-offers = Offers under this name
profile-gone = No such profile
profile-gone-more = Its owner took it back, or the link has a letter too many.
profile-listed = Listed for members of this community. Nobody else sees it.
profile-unlisted = Seen by those who have its link, once they signed in here.
profile-edit = Change the profile
profile-limit = A profile says what its owner wrote. Nobody here checked it.
# The library.
library-search = Search the library
library-offline = No connection. This is the copy on this device.
library-nothing = Another word for it may help. The library is searched on this device.
resource-page = Entry
resource-link = A link
resource-text = A short text
resource-gone = This entry is no longer there
resource-gone-more = Entries nobody looks after go by themselves.
resource-crisis = Help in a crisis
# $community: a community's name.
resource-from = Recommended by { $community }
resource-open = Open the link
resource-copy = Copy the link
resource-updated = Looked at on
resource-limit = Somebody recommended this. Nobody here can know what the place behind a link has become.
leave-title = Leave this place?
leave-more = The other place learns your IP address and that somebody looked. It does not learn where you came from.
leave-limit = The visit stays in the browser’s history. Tor Browser hides the address.
leave-stay = Stay
leave-go = Open it
# While a browser cannot knock yet; "kith me knock" is a command and stays as it is.
offer-not-yet = Knocking from a browser is not there yet. On a computer, “kith me knock” does it with the same login.
browse-unreachable = Your community cannot be reached
browse-unreachable-next = Nothing is kept on this device yet. Please try again when there is a line.
browse-too-much = That is too much at once
browse-failed-next = Please take something away, or try again.
