# Conversations and circles.
talks-two = Two people
talk-page = Conversation
talk-nameless = Somebody, not named yet
talk-waits = Something waits to be sent
# $day: a date; $time: a time of day.
talk-next = { $day }, { $time }
talk-flow = Messages
talk-about = About this conversation
talk-all = All conversations
talk-older = Earlier messages
talk-from-me = You wrote
talk-from-them = They wrote
talk-message = Message
talk-write = Write a message
talk-send = Send
talk-send-later = Send once there is a connection
talk-offline = No connection. What you send waits here, sealed, and goes out by itself.
talk-paused = Paused by its owner
talk-paused-more = Everything of theirs is paused, here and elsewhere. It need not mean anything about you two. Nothing more to do.
talk-frozen = Frozen by you
talk-frozen-more = You froze everything. They read “paused by its owner”. Nothing written with the old keys counts any more.
talk-unfreeze = See how to go on
talk-resting = Set aside
talk-resting-more = What they write arrives and waits unseen. They are not told.
talk-go-on = Go on
talk-closed = Closed
talk-closed-more = Nothing more can be written. The words stay on your devices as long as you chose.
talk-look-back = Look back
talk-gone = Their community has closed
talk-gone-more = It closed for good and took its mailboxes along. What was said stays on your devices.
talk-blocked = Blocked by you
talk-blocked-more = Nothing of theirs is shown or fetched. They are not told.
talk-do = Together
talk-meet = Suggest times
talk-card = Show who I am
talk-rest = Set it aside
talk-close = Close it
talk-export = Export it
talk-delete = Forget it
talk-delete-title = Forget this conversation?
talk-delete-more = Words, goals and notes leave your devices and your vault. What the other side has, stays with them.
delivery-waiting = Waits here
delivery-sent = Sent
delivery-failed = Not delivered
delivery-again = Send it again
gap-title = Something did not arrive
gap-more = At least one message is missing here. They can send it again.
gap-asked = Their device was asked to send it again.
gap-ask = Ask for it
fork-title = Two histories that do not fit
fork-more = Their side shows two different pasts. An old copy of a device can do this; so can somebody in between. Compare the safety words anew before you go on.
# $size: kilobytes.
file-size = { $size } KB
file-coming = It arrives in pieces
file-save = Save on this device
file-limit = Nobody has looked into this file. It may hold more than it shows.
thanks-mine = You thanked them
thanks-theirs = Thanks, for you
thanks-show = Show it on my card
thanks-shown = On your card
thanks-may = It may be shown.
thanks-may-not = For your eyes only.
event-began = The knock was accepted. Here it begins.
event-card-mine = You showed who you are.
event-card-theirs = They showed who they are.
event-agreement-mine = You proposed terms.
event-agreement-theirs = They proposed terms.
event-agreed-mine = You agreed to the terms.
event-agreed-theirs = They agreed to the terms.
event-not-agreed-mine = You said no to the terms.
event-not-agreed-theirs = They said no to the terms.
event-session-mine = You chose a time.
event-session-theirs = They chose a time.
event-session-no-mine = None of the times suits you.
event-session-no-theirs = None of the times suits them.
event-session-off-mine = You called the session off.
event-session-off-theirs = They called the session off.
event-session-was = The session took place.
event-goal-mine = You set a goal:
event-goal-theirs = They set a goal:
event-goal-reached = Goal reached:
event-goal-dropped = Goal dropped:
event-note-mine = You wrote a note:
event-note-theirs = They wrote a note:
event-check-mine = You answered the check-in.
event-check-theirs = They answered the check-in.
event-closing-mine = You closed the conversation.
event-closing-theirs = They closed the conversation.
event-passed-mine = You told them that you pass it on.
event-passed-theirs = They pass on what they learned here.
event-unknown = Something that this version cannot show.
words-title = Safety words
words-limit = Read them to each other some other way. If they match, nobody is in between. They do not say who the other person is.
words-match = They match
words-differ = They differ
words-same = Words match
goals = Goals
goal-new = A new goal
goal-add = Add
goal-drop = Drop
# $goal: a goal's words.
goal-drop-it = Drop the goal: { $goal }
check-in = Check-in
check-in-more = How is it going? Both answer; neither sees the other’s answer first.
check-in-how = How it goes
check-in-words = A few words, if you like
check-in-send = Answer
check-in-waits = Your answer is sealed. It opens once they have answered, too.
feeling-fine = fine
feeling-unsure = not sure
feeling-help = help wanted
you = You
them = They
print = Print
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
sessions =
    { $count ->
        [one] { $count } session
       *[other] { $count } sessions
    }
weeks =
    { $count ->
        [one] { $count } week
       *[other] { $count } weeks
    }
open-for-now = open for now
cadence-once = once
cadence-weekly = every week
cadence-fortnightly = every two weeks
cadence-monthly = every month
cadence-as-needed = as needed
agreement = Our agreement
agreement-none = Nothing agreed yet. It helps to say what you hope for, and what to do when it does not work.
agreement-both = Both agreed
agreement-waits = Waits for them
agreement-proposed = They propose
agreement-accept = Agree
agreement-decline = Not like this
agreement-change = Suggest a change
agreement-take-back = Take it back
agreement-propose = Propose terms
agreement-end = End it
agreement-form = Leave open what you like. Either side can change or end it at any time, with no reason.
agreement-send = Send the proposal
terms-goals-hint = One on each line, eight at most.
terms-cadence = Rhythm
terms-sessions = How many
terms-minutes = Length
terms-channel = Where you talk
terms-boundaries = Boundaries
terms-confidentiality = What stays between you
terms-limits = Limits
terms-ending = If it does not work
terms-review = Look at it again on
# $number: which session.
session-title = Session { $number }
session-proposed = Choose a time
session-waits = Waits for them
session-agreed = Agreed
session-cancelled = Called off
session-took-place = Took place
session-instead = Suggested instead:
session-note-it = It took place
session-calendar = Calendar file
session-other = Suggest other times
session-cancel = Call it off
session-decline = None of these
session-take-back = Take it back
# $day: a date; $span: from one time to another.
slot = { $day }, { $span }
slot-theirs = For them: { $span }
slot-choose = Choose
slot-choose-it = Choose { $day }, { $span }
times-title = Suggest times
times-hint = In your time zone, and sealed like any message. Choose parts of the week, then look at the exact times.
times-exact = Exact times
# $number: which of the times.
times-day = Day of time { $number }
times-hour = Hour of time { $number }
times-drop = Without time { $number }
times-add = Another time
times-none = At least one time is needed.
times-offset = Say what my clock shows
times-offset-hint = So both see both times. It tells them your time zone, roughly.
times-send = Send these times
block-title = Block them?
block-more = Nothing of theirs is shown or fetched any more. They are not told. Knocks from the same account stay out, too.
block-limit = Who makes a new account can knock again.
report-title = Report this
report-more = What you choose goes, sealed, to the moderators of both communities, with a proof that it was really written. Nothing else of this conversation does.
report-more-page = It goes, sealed, to the moderators of both communities, with a proof of what stood there.
report-what = What is it about?
report-safety = Somebody is in danger
report-harassment = Harassment or threats
report-deception = Deception, or asking for money
report-illegal = Something against the law
report-spam = Spam
report-other = Something else
report-proof = Messages that go with it
report-words = A few words for the moderators, if you like
report-block = Block them as well
report-limit = Moderators do not learn who you are, but they read what you choose here. In danger, call the emergency services as well.
report-missing = What it is about and at least one message are needed.
report-missing-what = What it is about is still missing.
report-send = Send the report
closing-back = Back to the conversation
closing-title = Close this well
closing-lead = It needs no reason and no answer. Say as much or as little as you like.
closing-by-them = They closed it. It needs no reason, and says nothing about you.
closing-their-words = What they say
closing-words = A last word
closing-words-label = To them, if you like
closing-words-hint = They read it as soon as it arrives.
closing-look-back = Look back
closing-blind = Both answer unseen. Answers open once both are there.
closing-thanks = Thanks
closing-thanks-label = What you thank them for, if you like
closing-thanks-hint = It belongs to them. No node ever sees it.
closing-thanks-show = They may show it to others
closing-keep = Afterwards
closing-keep-label = Keep the words on my devices for
closing-keep-not = not at all
closing-keep-hint = They choose for themselves.
closing-send = Close it
closing-limit = Closing cannot be undone. What was written stays with whoever keeps it.
closing-waits = Their look back opens here once both are there.
closing-theirs = Their look back
# Circles.
day = Day
hour = Hour
circle-page = Circle
circle-all = All circles
circle-new = New circle
circle-about = About this circle
circle-invited = You are invited
circle-joining = Waits to be let in
circle-joining-more = The convener’s device lets you in once it is there. Nothing more to do.
circle-left = You left
circle-removed = You were taken out
circle-ended = Ended
circle-over-more = Nothing more can be written. The words stay on your devices as long as you keep them.
circle-people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
circle-new-terms = The rules have changed
circle-accept-terms = All right
circle-leave = Leave
circle-leave-title = Leave this circle?
circle-leave-more = They are told, with no reason. Coming back needs a new invitation.
circle-leave-convener = Nobody can let others in after you. The circle goes on for those who are in it.
# $name: somebody’s name in the circle.
circle-event-entered = { $name } came in.
circle-event-left = { $name } left.
circle-event-removed = { $name } was taken out.
circle-event-terms = { $name } changed the rules.
circle-event-meeting = { $name } proposed a meeting.
circle-event-meeting-off = { $name } called a meeting off.
circle-gap = At least one message is missing here. It is asked for by itself.
circle-purpose = What it is for
circle-rules = What you ask of each other
circle-size = Size
# $count: people in it; $places: how many at most.
circle-size-text =
    { $count ->
        [one] { $count } person, { $places } at most
       *[other] { $count } people, { $places } at most
    }
circle-join-as = Take part as
circle-join = Ask to be let in
circle-decline = No, thank you
circle-limit = Everybody in a circle reads everything, and may keep it. Who convenes it knows which conversation somebody came from.
circle-members = Members
circle-members-limit = Only members see this list. No node has it.
circle-convener = Convener
circle-remove = Take out
# $name: somebody’s name in the circle.
circle-remove-title = Take { $name } out?
circle-remove-more = What was written so far stays with them. Nothing new reaches them.
circle-invitations = Letting in
circle-let-in = Let in
circle-not-in = Not now
circle-invite = Invite somebody
circle-invite-it = Invite
circle-invite-none = People can be invited from a conversation with them.
circle-meetings = Meetings
circle-meetings-none = None planned.
circle-meet = Plan a meeting
circle-meet-missing = Day and hour are still missing.
circle-meet-send = Propose it
circle-where = How to get there
circle-where-hint = A link or a few words. Only members see it.
# $names: a list of names.
circle-coming = Coming: { $names }
circle-come = I come
circle-not-come = Not this time
convene-lead = One conversation, shared by a small group. You let people in.
convene-name = Name of the circle
convene-rules-hint = One on each line. Everybody reads them before joining.
convene-places = People at most
convene-missing = A name and a language are still missing.
convene-begin = Begin
