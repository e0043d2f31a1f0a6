# My offers and the editor of an offer.
not-now = Not now
choose = Choose …
# $count: whole days.
days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
offers-new = New offer
offers-go-on = Go on writing
offers-extend = Keep it up longer
offers-resume = Offer it again
offers-again = Offer it once more
offers-no-room = No room for now
offers-room-again = There is room again
offers-withdraw = Withdraw
offers-withdraw-title = Withdraw this offer?
offers-withdraw-more = It leaves all communities at once. Whoever copied it keeps the copy. Conversations go on.
offers-drop = Drop this draft?
offers-drop-yes = Drop
offers-drop-more = It was on your devices only and cannot be brought back.
offer-state-draft = Draft, on your devices only
offer-state-waiting = Waits for the next release
offer-state-up = Up
offer-state-full = Up, no room at the moment
offer-state-paused = Resting
offer-state-queued = Goes out with the next connection
offer-state-ended = Ended
offer-state-removed = Taken away by this community
# $day: a date.
offers-until = Until { $day }
offers-soon = Ends on { $day }
offers-waiting-more = It goes out together with others, so that its hour tells nothing.
offers-queued-more = There was no connection. It is kept here and goes out by itself.
offers-paused-more = Two knocks ended without an answer, so it rests. That is all right. Is there room for it again?
offers-removed-more = It is no longer shown anywhere. The community’s rules are on its first page; answering is possible there.
pass-on-title = You learned something here
# $topics: a list of topics.
pass-on-more = Would you offer it to others? { $topics } could be filled in for you. Nothing tells where you learned it.
pass-on-yes = Begin an offer
editor-new = New offer
editor-change = Change the offer
editor-kept = Draft kept on this device
editor-saving = Keeping the draft …
editor-what = What can you help with?
editor-topics = Search topics
editor-topics-count =
    { $count ->
        [0] One to four.
        [one] One to four. { $count } chosen.
       *[other] One to four. { $count } chosen.
    }
editor-ways = In which way?
editor-ways-hint = One to three.
editor-how = How and when
editor-other-language = Another language
editor-when = Roughly when
editor-when-hint = No hours, no time zone. Real times are exchanged later, sealed.
editor-region-hint = Only a large part of the world, never a town.
editor-who = For whom, and how many
editor-places = People at once
editor-places-hint = The number stays with you. Others see “open” or “full”.
editor-answers = Usually answers
editor-days = Stays up for
editor-group = A circle
editor-group-hint = Several people learn together, in one conversation.
editor-relay = Relays may pass it on
editor-relay-hint = So it reaches communities that we are not connected with ourselves.
editor-profile = Show it under my profile
editor-profile-hint = This links the two: whoever sees the profile knows that both are the same person.
editor-words = In your words
editor-line = One line, if you like
editor-text = A few sentences, if you like
editor-text-hint = Anybody who browses can read this, in every connected community.
editor-text-language = Written in
# $used, $most: numbers of characters.
editor-used = { $used } of { $most } characters.
editor-too-long = At most { $most } characters.
# $what: a list of what is missing.
editor-missing = Still missing: { $what }.
missing-topics = a topic
missing-ways = a way
missing-languages = a language
missing-formats = a format
# $words: the words that cannot stay.
editor-blocked = You can publish once “{ $words }” is out.
editor-publishing = On its way …
editor-publish = Publish offer
editor-save = Publish the change
editor-close = Close and keep draft
# $changes: a number of changes; $days: a number of days.
editor-release = Goes out with the next release: when at least { $changes } changes wait, or after { $days } days.
lint-list = Things to look at
# $words: the words that were found.
lint-email = “{ $words }” is an e-mail address
lint-phone = “{ $words }” looks like a phone number
lint-handle = “{ $words }” looks like a name from another network
lint-link = “{ $words }” is a link
lint-name = “{ $words }” looks like a person’s name
lint-employer = “{ $words }” looks like an employer
lint-place = “{ $words }” looks like a place
lint-address = “{ $words }” looks like an address
lint-date = “{ $words }” is an exact date
lint-rare = “{ $words }” may be rare together
lint-contact-more = Contact details cannot be in an offer. Knocks reach you sealed.
lint-name-more = Names stay, in every copy. A pseudonym does the same work.
lint-employer-more = Together with a span of years it may point to one person.
lint-place-more = Few people offer this in one place.
lint-date-more = “Some years ago” says as much and points to fewer people.
lint-rare-more = Few people have all of this in common. Leaving one out hides you better.
lint-take-out = Take it out
# $words: what could stand instead.
lint-say = Say “{ $words }”
lint-keep = Keep it
leaves-title = What leaves this node
leaves-home = To this community only, as long as it is connected with no other.
leaves-communities =
    { $count ->
        [one] { $count } connected community
       *[other] { $count } connected communities
    }
# $communities: with their number; $changes, $days: numbers.
leaves-to = To { $communities }, with the next release: when at least { $changes } changes wait, or after { $days } days.
leaves-topics = Topics
leaves-ways = Ways
leaves-languages = Languages
leaves-formats = Formats
leaves-unsaid = not said
leaves-room = open (or full), no number
leaves-text = Text
leaves-no-text = none
leaves-text-as-is = as written
leaves-text-mended = as written, once mended
leaves-dates = Dates
# $day: a date.
leaves-dates-text = day of release, until { $day }. Days, no hours.
leaves-from = From
# $community: a community's name.
leaves-from-text = { $community }, no member
leaves-relays = Relays
leaves-relays-yes = may pass it on
leaves-relays-no = may not pass it on
# $size: a number of bytes.
leaves-bytes = The exact bytes, { $size }
leaves-stays = Stays with you: your persona, the hour, the number of places, and every other offer of yours.
leaves-copies = What is public can be copied. Withdrawing leaves at once to the communities, but does not reach somebody’s copy.
