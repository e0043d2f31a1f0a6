// Made by `npm run api` from protocol/openapi.json; edit neither.

import { anyOf, anything, flag, list, nothing, object, oneOf, record, text, whole, type TypeOf } from "./shape.ts";

/** The vault key wrapped for each way to open it (SPEC.md, section on signing in). */
export const slots = object({
  "passphrase": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
  "recovery": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
  "kdf": text({}, new RegExp("^a2-1$", "u")),
}, { "kdf": "a2-1" });
export type Slots = TypeOf<typeof slots>;

/** What the node holds of the member who asks. */
export const accountAnswer = object({
  "role": text(),
  "state": text(),
  "slots": slots,
});
export type AccountAnswer = TypeOf<typeof accountAnswer>;

/** Ids of items that are safely stored in the vault and may be deleted. */
export const acknowledgeBody = object({
  "ids": list(text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")), { min: 1, max: 100 }),
});
export type AcknowledgeBody = TypeOf<typeof acknowledgeBody>;

/** The decision about an application; approving opens the applicant's invite. */
export const admissionBody = object({
  "isAdmitted": flag,
});
export type AdmissionBody = TypeOf<typeof admissionBody>;

/** An application to join, sealed to the moderators. */
export const applicationBody = object({
  "invite": text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u")),
  "sealed": text({ max: 200000 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type ApplicationBody = TypeOf<typeof applicationBody>;

/** A new box, or a later month for one: it is deleted when the month is over. */
export const boxBody = object({
  "kind": oneOf("knock", "reply"),
  "renewBy": whole({ min: 0, max: 4000 }),
});
export type BoxBody = TypeOf<typeof boxBody>;

/** A later month until which the box is kept. */
export const boxMonthBody = object({
  "renewBy": whole({ min: 0, max: 4000 }),
});
export type BoxMonthBody = TypeOf<typeof boxMonthBody>;

/** Key bundles of one offer, 1333 bytes each, one per calendar week. */
export const bundlesBody = object({
  "bundles": list(text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")), { min: 1, max: 54 }),
});
export type BundlesBody = TypeOf<typeof bundlesBody>;

/** A line of the moderators' queue. What it is about only their key can say. */
export const caseEntry = object({
  "id": text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")),
  "day": whole({ min: 0, max: 100000 }),
  "category": anyOf(oneOf("deception", "harassment", "illegal", "other", "safety", "spam"), oneOf("")),
  "state": text(),
  "origin": text(),
  "object": text(),
  "answer": text(),
}, { "origin": "", "object": "", "answer": "" });
export type CaseEntry = TypeOf<typeof caseEntry>;

/** One report or application as sealed by whoever sent it. */
export const caseAnswer = object({
  "entry": caseEntry,
  "sealed": text({ max: 200000 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
  "invite": text({}, new RegExp("^([A-Za-z0-9_-]{43})?$", "u")),
}, { "invite": "" });
export type CaseAnswer = TypeOf<typeof caseAnswer>;

/** The queue: reports or applications, in an order that says nothing. */
export const casesAnswer = object({
  "cases": list(caseEntry),
});
export type CasesAnswer = TypeOf<typeof casesAnswer>;

/** What anyone may know of a community before joining. */
export const communityAnswer = object({
  "actor": text(),
  "name": text(),
  "summary": text(),
  "rules": text(),
  "languages": list(text()),
  "programme": oneOf("adults", "youth"),
  "policy": text(),
  "registration": text(),
  "version": text(),
  "fingerprint": list(text()),
  "keyholdersFingerprint": list(text()),
  "inPerson": flag,
  "maxOfferDays": whole(),
  "moderatorsKey": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
}, { "moderatorsKey": "" });
export type CommunityAnswer = TypeOf<typeof communityAnswer>;

/** One topic, without words. */
export const concept = object({
  "id": text(),
  "related": list(text()),
  "aliases": list(text()),
  "sensitive": flag,
  "languages": flag,
  "people": flag,
  "retired": anyOf(text(), nothing),
}, { "related": [], "aliases": [], "sensitive": false, "languages": false, "people": false, "retired": null });
export type Concept = TypeOf<typeof concept>;

/** The moderators' decision about a report. */
export const decisionBody = object({
  "decision": oneOf("acted", "no-action", "passed-on"),
  "flagTo": text(),
  "flagSealed": text({ max: 200000 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
  "flagObject": text(),
}, { "flagTo": "", "flagSealed": "", "flagObject": "" });
export type DecisionBody = TypeOf<typeof decisionBody>;

/** The part of an offer that its owner chooses. */
export const offerContent = object({
  "topics": list(text({ min: 1, max: 80 }), { min: 1, max: 4 }),
  "languages": list(text({}, new RegExp("^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "u")), { min: 1, max: 6 }),
  "ways": list(oneOf("accompany", "advise", "listen", "practise", "review", "teach"), { min: 1, max: 3 }),
  "formats": list(oneOf("chat", "in-person", "video", "voice"), { min: 1, max: 4 }),
  "audience": oneOf("adults", "youth"),
  "when": list(oneOf("evenings", "weekdays", "weekends"), { max: 3 }),
  "level": list(oneOf("experienced", "some", "starting"), { max: 3 }),
  "room": oneOf("full", "open"),
  "answers": anyOf(oneOf("days", "longer", "week"), nothing),
  "group": flag,
  "relay": flag,
  "region": anyOf(text({}, new RegExp("^[0-9]{3}$", "u")), nothing),
  "summary": record(text({ min: 1, max: 120 }), { max: 6 }, text({}, new RegExp("^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "u"))),
  "content": record(text({ min: 1, max: 600 }), { max: 6 }, text({}, new RegExp("^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "u"))),
  "topic_labels": record(record(text({ min: 1, max: 80 }), { min: 1, max: 12 }, text({}, new RegExp("^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "u"))), { max: 4 }, text({ min: 1, max: 80 })),
}, { "audience": "adults", "when": [], "level": [], "room": "open", "answers": null, "group": false, "relay": false, "region": null, "summary": {}, "content": {}, "topic_labels": {} });
export type OfferContent = TypeOf<typeof offerContent>;

/** The new content of one's offer or the new state of its room. */
export const editBody = object({
  "content": offerContent,
});
export type EditBody = TypeOf<typeof editBody>;

/** Where an envelope is that was handed in. */
export const envelopeAnswer = object({
  "state": oneOf("delivered", "failed", "queued"),
});
export type EnvelopeAnswer = TypeOf<typeof envelopeAnswer>;

/** The new last day, at most 365 days after publication. */
export const extendBody = object({
  "endDay": whole({ min: 0, max: 100000 }),
});
export type ExtendBody = TypeOf<typeof extendBody>;

/** Counts of live offers for each value that a query could choose; zeros are left out. */
export const facetsAnswer = object({
  "topics": record(whole()),
  "languages": record(whole()),
  "ways": record(whole()),
  "formats": record(whole()),
  "when": record(whole()),
  "level": record(whole()),
  "room": record(whole()),
  "communities": record(whole()),
  "total": whole(),
});
export type FacetsAnswer = TypeOf<typeof facetsAnswer>;

/** One reason why an offer was found: a stable code and what it is about. */
export const reason = object({
  "code": text(),
  "values": list(text()),
}, { "values": [] });
export type Reason = TypeOf<typeof reason>;

/** One result: the public object as signed by its author, its score and the reasons. */
export const hit = object({
  "id": text(),
  "community": text(),
  "own": flag,
  "score": whole(),
  "reasons": list(reason),
  "object": anything,
});
export type Hit = TypeOf<typeof hit>;

/** What one topic is called in one language. */
export const texts = object({
  "label": text(),
  "synonyms": list(text()),
  "description": text(),
}, { "synonyms": [], "description": "" });
export type Texts = TypeOf<typeof texts>;

/** All words in one language. */
export const languageTexts = object({
  "language": text(),
  "reviewed": flag,
  "topics": record(texts),
  "languageNames": record(text()),
}, { "languageNames": {} });
export type LanguageTexts = TypeOf<typeof languageTexts>;

/** A part of a free text, the topics it was taken to mean, and others it could mean. */
export const meaning = object({
  "text": text(),
  "topics": list(text()),
  "others": list(text()),
}, { "others": [] });
export type Meaning = TypeOf<typeof meaning>;

/** The moderators' new public key, 1216 bytes. */
export const moderatorsKeyBody = object({
  "key": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type ModeratorsKeyBody = TypeOf<typeof moderatorsKeyBody>;

/** A new or edited offer. ``end_day`` is used when creating; edits keep the end. */
export const offerBody = object({
  "content": offerContent,
  "endDay": whole({ min: 0, max: 100000 }),
});
export type OfferBody = TypeOf<typeof offerBody>;

/** A postmark with a stamp of this node, of which the sender seal is to be unwrapped. */
export const openingBody = object({
  "postmark": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type OpeningBody = TypeOf<typeof openingBody>;

/** One's own offer as the node holds it. ``published`` is absent until released. */
export const ownOfferAnswer = object({
  "id": text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")),
  "content": offerContent,
  "endDay": whole({ min: 0, max: 100000 }),
  "revision": whole(),
  "released": flag,
  "state": text(),
  "publishedDay": anyOf(whole({ min: 0, max: 100000 }), nothing),
  "object": anything,
}, { "publishedDay": null, "object": null });
export type OwnOfferAnswer = TypeOf<typeof ownOfferAnswer>;

/** One downloadable part of the catalogue, the same file for everybody. */
export const partitionEntry = object({
  "language": text(),
  "etag": text(),
  "sizeBytes": whole(),
  "offers": whole(),
});
export type PartitionEntry = TypeOf<typeof partitionEntry>;

/** All partitions that this node serves. */
export const partitionsAnswer = object({
  "partitions": list(partitionEntry),
});
export type PartitionsAnswer = TypeOf<typeof partitionsAnswer>;

/** Another node as members' clients need to know it, or one's own. */
export const peerAnswer = object({
  "node": text(),
  "name": text(),
  "standing": oneOf("cut-off", "introduced", "open", "self"),
  "keys": list(text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u"))),
  "moderatorsKey": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
  "keyholders": list(text()),
  "untilDay": anyOf(whole({ min: 0, max: 100000 }), nothing),
}, { "moderatorsKey": "", "keyholders": [], "untilDay": null });
export type PeerAnswer = TypeOf<typeof peerAnswer>;

/** All nodes with which envelopes go to and fro, one's own first. */
export const peersAnswer = object({
  "peers": list(peerAnswer),
});
export type PeersAnswer = TypeOf<typeof peersAnswer>;

/** What a stranger is told of an error (RFC 9457 §3.1). */
export const problem = object({
  "type": text(),
  "title": text(),
  "status": whole(),
  "pointer": anyOf(text(), nothing),
}, { "pointer": null });
export type Problem = TypeOf<typeof problem>;

/** A published persona, seen only by signed-in members of its own community. */
export const profileContent = object({
  "pseudonym": text({ min: 1, max: 40 }),
  "picture": text({}, new RegExp("^[0-9a-f]{16}$", "u")),
  "pronouns": text({ max: 40 }),
  "about": text({ max: 300 }),
  "languages": list(text({}, new RegExp("^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", "u")), { max: 6 }),
  "topics": list(text({ min: 1, max: 80 }), { max: 8 }),
}, { "pronouns": "", "about": "", "languages": [], "topics": [] });
export type ProfileContent = TypeOf<typeof profileContent>;

/** A profile as members of the community see it. */
export const profileAnswer = object({
  "id": text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")),
  "content": profileContent,
  "listed": flag,
  "endDay": whole({ min: 0, max: 100000 }),
  "offers": list(text()),
}, { "offers": [] });
export type ProfileAnswer = TypeOf<typeof profileAnswer>;

/** A new profile or its new content. */
export const profileBody = object({
  "content": profileContent,
  "listed": flag,
  "endDay": whole({ min: 0, max: 100000 }),
});
export type ProfileBody = TypeOf<typeof profileBody>;

/** A page of listed profiles in an order that says nothing. */
export const profilesAnswer = object({
  "profiles": list(profileAnswer),
  "next": anyOf(text(), nothing),
}, { "next": null });
export type ProfilesAnswer = TypeOf<typeof profilesAnswer>;

/** The same for every member, valid today and tomorrow (UTC). */
export const readerPassAnswer = object({
  "readerPass": text(),
});
export type ReaderPassAnswer = TypeOf<typeof readerPassAnswer>;

/** What one peer said of a withdrawal: ``confirmed``, ``pending`` or ``unreachable``. */
export const receipt = object({
  "peer": text(),
  "state": text(),
});
export type Receipt = TypeOf<typeof receipt>;

/** Erasure receipts of one withdrawn offer. */
export const receiptsAnswer = object({
  "receipts": list(receipt),
});
export type ReceiptsAnswer = TypeOf<typeof receiptsAnswer>;

/** An accepted invite with the verifiers and slots that the device made. */
export const registerBody = object({
  "invite": text({ min: 8, max: 64 }),
  "auth": text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u")),
  "recoveryAuth": text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u")),
  "slots": slots,
  "device": text({}, new RegExp("^[A-Za-z0-9_-]{11}$", "u")),
});
export type RegisterBody = TypeOf<typeof registerBody>;

/** A report, sealed to the moderators on the reporter's device. */
export const reportBody = object({
  "category": oneOf("deception", "harassment", "illegal", "other", "safety", "spam"),
  "sealed": text({ max: 200000 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type ReportBody = TypeOf<typeof reportBody>;

/** What became of a report: ``waiting`` or the moderators' decision. */
export const reportStateAnswer = object({
  "state": anyOf(oneOf("waiting"), oneOf("acted", "no-action", "passed-on")),
});
export type ReportStateAnswer = TypeOf<typeof reportStateAnswer>;

/** A waiting report or application, sealed anew to the moderators' new key. */
export const resealBody = object({
  "sealed": text({ max: 200000 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type ResealBody = TypeOf<typeof resealBody>;

/** A sender or owner seal, for the keyholders; 1200 bytes. */
export const sealAnswer = object({
  "seal": text({ max: 65536 }, new RegExp("^[A-Za-z0-9_-]*$", "u")),
});
export type SealAnswer = TypeOf<typeof sealAnswer>;

/** What was made of a free text. */
export const understoodAnswer = object({
  "topics": list(text()),
  "meanings": list(meaning),
  "ways": list(text()),
  "words": list(text()),
  "didYouMean": list(text()),
}, { "topics": [], "meanings": [], "ways": [], "words": [], "didYouMean": [] });
export type UnderstoodAnswer = TypeOf<typeof understoodAnswer>;

/** A ranked page; counts if they were asked for; what was made of free text, if any. */
export const searchAnswer = object({
  "hits": list(hit),
  "total": whole(),
  "next": anyOf(text(), nothing),
  "facets": anyOf(facetsAnswer, nothing),
  "understood": anyOf(understoodAnswer, nothing),
}, { "next": null, "facets": null, "understood": null });
export type SearchAnswer = TypeOf<typeof searchAnswer>;

/** A session: token, the day's reader pass, role and slots. */
export const sessionAnswer = object({
  "token": text(),
  "readerPass": text(),
  "role": text(),
  "slots": slots,
});
export type SessionAnswer = TypeOf<typeof sessionAnswer>;

/** Both keys' word that an offer stands under a profile. */
export const shownOfferBody = object({
  "profileSignature": text({}, new RegExp("^[A-Za-z0-9_-]{86}$", "u")),
  "offerSignature": text({}, new RegExp("^[A-Za-z0-9_-]{86}$", "u")),
});
export type ShownOfferBody = TypeOf<typeof shownOfferBody>;

/** ``auth`` of the passphrase or of the recovery code; nothing else is ever asked. */
export const signInBody = object({
  "auth": text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u")),
  "device": text({}, new RegExp("^[A-Za-z0-9_-]{11}$", "u")),
});
export type SignInBody = TypeOf<typeof signInBody>;

/** A language that there are words in. */
export const topicLanguage = object({
  "language": text(),
  "reviewed": flag,
  "etag": text(),
});
export type TopicLanguage = TypeOf<typeof topicLanguage>;

/** All topics, without words; the words are an address of their own for each language. */
export const topicsAnswer = object({
  "version": whole(),
  "topics": list(concept),
  "languages": list(topicLanguage),
});
export type TopicsAnswer = TypeOf<typeof topicsAnswer>;

/** What lets a mentor recognise a knocker they blocked, signed by the knocker's node. */
export const whoAnswer = object({
  "who": text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")),
  "signature": text({}, new RegExp("^[A-Za-z0-9_-]{86}$", "u")),
  "day": whole({ min: 0, max: 100000 }),
});
export type WhoAnswer = TypeOf<typeof whoAnswer>;

/** Which offer a knock is about to go to, and the key it will be signed with. */
export const whoBody = object({
  "offer": text({}, new RegExp("^[A-Za-z0-9_-]{22}$", "u")),
  "menteeKey": text({}, new RegExp("^[A-Za-z0-9_-]{43}$", "u")),
});
export type WhoBody = TypeOf<typeof whoBody>;
