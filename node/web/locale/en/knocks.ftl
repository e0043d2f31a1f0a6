# Knocks: those that came, those that went, writing one and answering one.
new = New
times = Times
knocks-came = Came
knocks-went = Sent
knocks-came-more = Opening one tells nobody. There is no read receipt.
# $open: knocks that are open; $of: how many can be.
knocks-went-more =
    { $open ->
        [one] { $open } of { $of } is open.
       *[other] { $open } of { $of } are open.
    }
knocks-none = Nothing sent yet
knocks-none-more = A knock is a short sealed note to somebody who offers what you look for.
knock-for-you = Somebody knocks
knock-waits = Waits for your answer
knock-draft = Draft
knock-queued = On its way
knock-delivered = Delivered
knock-failed = Not delivered
knock-accepted = Accepted
knock-declined = Not this time
knock-expired = Ended unanswered
knock-withdrawn = Withdrawn
rhythm-once = just once
rhythm-fortnightly = every two weeks
rhythm-weekly = every week
rhythm-see = let us see
prompt-elsewhere = This seems to ask to talk somewhere else. There, nothing of this protects either of you.
prompt-meeting = This seems to ask to meet, or where somebody lives. Meeting first in a public place, with somebody told, is wise.
prompt-photo = This seems to ask for pictures. Once sent, they cannot be brought back.
prompt-money = This seems to ask for money, or for codes. Nobody here needs either.
persona-new = A new persona, for this conversation only
persona-none = Nobody yet: say who you are later, or never
compose-back = Back to the offer
compose-title = Write your knock
compose-before = Before sending
compose-example = An example to start from
compose-example-text = “I want to change work and do not know how to describe what I can do. I have read a lot and written nothing. Half an hour every two weeks would help.”
compose-words = What I ask for
compose-words-hint = One or two sentences are enough.
compose-hopes = What I hope for, if you like
compose-tried = What I have tried, if you like
knock-hopes = What I hope for
knock-tried = What I have tried
# $day: a day of the week; $part: morning, afternoon or evening.
cell-words = { $day } ({ $part })
compose-rhythm = How often
compose-times = Times that suit me, sealed
compose-times-hint = Only they see these, in their own time zone. Arrow keys move, the space bar chooses.
compose-as = Knock as
compose-empty = What you ask for is still missing.
compose-send = Send knock
compose-send-later = Send once there is a connection
compose-keep = Keep as draft
# $number, $of: which of how many; $day: a date.
compose-note = Number { $number } of { $of }. You can withdraw it until it is accepted. Unanswered, it ends on { $day }, and that says nothing about you.
sees-title = Who sees what
sees-they = They
sees-they-more = These words, these times and the persona you chose. Nothing else.
sees-home = Your node
# $size: kilobytes; $community: a community's name.
sees-home-more = A sealed envelope of { $size } KB to { $community }.
sees-their-node = Their node
# $community: the sender's community.
sees-their-node-more = A sealed envelope from { $community }, not from whom.
sees-limit = Whoever receives a message can prove it to moderators if they report it.
sent-written = What you wrote
sent-withdraw = Withdraw
sent-withdraw-title = Withdraw this knock?
sent-withdraw-more = They are told that it is withdrawn, with no reason. You get the place back.
# $day: a date.
sent-ends = Unanswered, it ends on { $day }. That happens, and says nothing about you.
sent-accepted = They said yes
sent-declined = This one did not work out
sent-declined-more = It says nothing about you.
sent-expired = It ended unanswered
sent-expired-more = That happens, and says nothing about you.
sent-queued = It waits here, sealed
# $community: a community's name.
sent-queued-more = { $community } cannot be reached at the moment. Your knock is kept here and goes out by itself within seven days.
sent-failed = It could not be delivered
sent-failed-more = Their community did not take it within seven days. You get the place back; another offer may be close to it.
sent-close = Close to it
received-title = Somebody knocks
# $community: a community's name; $day: a date.
received-from = From { $community }, { $day }
received-says = What they write
received-who = Who knocks
received-nobody = They do not say who they are
received-nobody-more = That is all right. They may say it later, to you alone.
received-limit = Nobody checked what they write about themselves.
received-hopes = They hope for
received-tried = They have tried
received-times = Suits them, in your time
received-accepted = You said yes
received-declined = You said no, kindly
received-expired = It ended unanswered
received-withdrawn = They took it back
received-over-more = There is nothing more to do. The words are forgotten here in a while.
card-thanks = What others thanked them for
card-thanks-limit = They chose these words. Nothing proves them.
answer-title = Your answer
answer-how = Is there room for this?
answer-accept = Yes, let us begin
answer-decline = No, kindly
answer-choose = Choose one first. Not answering is an answer, too: it ends by itself.
answer-words = Your words
answer-words-yes = A line to begin with. Times can come later.
answer-words-no = A no needs no reason. Kind words help.
answer-as = Answer as
answer-rest = Afterwards
answer-rest-no = The offer stays as it is
answer-rest-weeks =
    { $count ->
        [one] The offer rests for { $count } week
       *[other] The offer rests for { $count } weeks
    }
answer-send = Send the answer
answer-send-yes = Say yes
answer-send-no = Send the kind no
# $day: a date.
answer-ends = Without an answer it ends on { $day }, with neutral words to both.
decline-start = Begin with one of these, or with your own words:
decline-words-room = Thank you for asking. There is no room for this at the moment. I hope you find somebody soon.
decline-words-fit = Thank you for writing so openly. Somebody else will know more about this than I do.
decline-words-time = Thank you for asking. My time has become short, and you deserve somebody who can be there.
decline-suggest = Suggest a topic to look under
decline-suggest-hint = They see other offers under it. Yours is not named.
