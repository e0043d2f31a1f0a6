# The frame and the public pages. Each message must work for a person of any gender.
skip-to-content = Skip to content
nav-areas = Areas
nav-site = Site
nav-community = This community
# Below a small drawing on a phone: one short word each.
tab-community = Community
tab-browse = Browse
tab-offers = Offers
tab-knocks = Knocks
tab-talks = Talks
tab-me = Me
nav-safety = Safety
nav-join = Join
nav-sign-in = Sign in
nav-about = About
nav-browse = Browse
nav-offers = My offers
nav-knocks = Knocks
nav-talks = Conversations
nav-me = Me
nav-library = Library
nav-circles = Circles
# A navigation entry where something new waits, as a screen reader says it. $name: the entry.
nav-with-news = { $name }, something new
exit-button = Quick exit
exit-note = Quick exit: the button above, or Esc twice. The visit itself stays in the browser’s history.
lock-now = Lock now
go-back = Back
close = Close
undo = Undo
show = Show
hide = Hide
loading = One moment …
try-again = Try again
offline-note = No connection. The copy on this device can be browsed; what you write goes out later.
update-note = A new version is ready.
update-now = Load it
error-unreachable = This community cannot be reached
error-unreachable-next = The line or the server is down. Nothing is lost: what you wrote is kept here.
error-unknown = Something went wrong on this device
error-unknown-next = What you wrote is kept. Trying again often helps; loading the page anew asks for the passphrase.
# $count: how many rows a list has.
list-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
week-morning = Morning
week-afternoon = Afternoon
week-evening = Evening
week-cell = { $day }, { $part }
week-cell-theirs = { $day }, { $part }, suits them
week-mine = suits you
week-theirs = suits them
week-keys = Arrow keys move, the space bar chooses.
empty-browse = Nothing to browse yet
empty-browse-more = Offers appear here once this community has received some.
empty-library = The library is empty
empty-library-more = Links and short texts that this community recommends will stand here.
empty-offers = No offers yet
empty-offers-more = What do you know that someone else could use? A small thing is enough.
empty-knocks = No knocks yet
empty-knocks-more = Quiet days are normal.
empty-talks = No conversations yet
empty-talks-more = They begin when a knock is accepted.
empty-circles = No circles yet
empty-circles-more = A circle is one conversation shared by a small group.
language = Language
language-unreviewed = This translation has not been reviewed by a native speaker yet.
discreet = Discreet mode
discreet-limit = Changes title and icon of the page. The address bar still shows where you are.
mask-none = As it is
mask-notes = Notes
mask-sums = Sums
mask-weather = Weather
auto-lock = Lock after
# $minutes: whole minutes without a touch or key.
auto-lock-minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
auto-lock-limit = It cannot lock while the device sleeps, only when it wakes.
nav-ways-in = Ways in
# Beside a passphrase, as a screen reader says it. $what: the field's label.
show-it = Show: { $what }
hide-it = Hide: { $what }
working = One moment: the vault’s key is being worked out …
error-part-next = This part of the page could not be loaded. The line may be down.
refused-wrong = Name and passphrase do not fit together
refused-wrong-next = Please look at both again. Capitals do not matter in the name; in the passphrase they do.
refused-slow = Too many attempts
refused-slow-next = Please wait a minute. This keeps others from guessing.
refused-invite = This invite does not work any more
refused-invite-next = It was used, or it ran out. Whoever sent it can send another.
refused-words = The words do not fit together
refused-words-next = One of the twelve is wrong, or two have changed places. Please compare them with the sheet.
