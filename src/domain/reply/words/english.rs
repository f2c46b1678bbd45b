//! English.

use super::super::tags::Tag;
use super::List;

/// What the words can mean.
pub(super) const LISTS: &[List] = &[
    (
        Tag::Yes,
        "of coarse, ofcoarse, surely, but of course, yse, yeas, yes, y, yea, yeah, yeahh, yah, ya, yas, yass, yaas, \
         yess, yez, yis, yesh, yeh, yep, yepp, yup, yupp, yeppers, yee, yessir, yes sir, yes maam, yesm, aye, \
         affirmative, sure, shure, sure thing, for sure, of course, ofcourse, ofc, certainly, absolutely, definitely, \
         definitly, definately, definetly, defiantly yes, absolutley, indeed, gladly, happily, with pleasure, by all \
         means, you bet, you betcha, 100 percent yes, most definitely, most certainly, totally, go ahead, go for it, \
         count me in, yes i will, yes we will, yes i would, yes i would like that, yes i would like to, yes you can, \
         yes you may, sounds good, sounds great, sounds fine, works for me, all right, alright, very well, why not \
         yes, yes yes, yea sure, without a doubt, no doubt yes, naturally, yes siree, yessiree, yes siree bob, yup \
         yup, yep yep, yeah yeah, why yes, yes indeedy, yesz, yeap, yessum, yes mam, oh yes, count us in",
    ),
    (
        Tag::SayYes,
        "say ok, say okay, saying ok, 100 yes, a 100 percent yes, yes 100 percent, say yes, saying yes, i vote yes, \
         the answer is yes, my answer is yes, answer is yes, answer yes, a yes from me, yes from me, that is a yes, \
         it is a yes, put me down as a yes, put me down for yes, a definite yes, reply is yes, response is yes, \
         replying yes, a big yes, a yes, choose yes, i choose yes, choosing yes, i pick yes, pick yes, chose yes, \
         consider this a yes, consider it a yes, consider that a yes, this is a yes",
    ),
    (Tag::Ok, "oky, o k, ok, okay, okey, okie, okie dokie, okey dokey, okaay, okk, oki, okay then, ok then, k, kk"),
    (Tag::Agreed, "agreed, approved, accepted, authorized, authorised"),
    (
        Tag::No,
        "no, n, nope, nop, nopes, noope, nah, nahh, naw, nay, noo, nooo, nuh uh, uh uh, negative, heck no, hell no, \
         no sir, no maam, absolutely no, definitely no, certainly no, surely no, most definitely no, most certainly \
         no, that is a no",
    ),
    (
        Tag::NoThanks,
        "no longer interested, no is my answer, no that is my answer, there is no way, aint no way, not comfortable, \
         fuck no, no interest at all, definately not, definitly not, definetly not, absolutley not, no means no, \
         choose no, i choose no, chose no, not for us, no thank yu, never in my life, no freaking way, no fucking \
         way, nope nope, big no, thats a hard no, nay nay, no thanks, no thank you, no thank u, no ty, no tks, nom \
         thanks, not interested, no interest, no interested, not for me, pass, i pass, i will pass, going to pass, \
         have to pass, hard pass, hard no, no way, no chance, no way jose, absolutely not, definitely not, certainly \
         not, of course not, sure not, surely not, not a chance, no can do, not happening, not going to happen, \
         thanks but no thanks, thank you but no, thanks but no, thank you but no thank you, thank you but no thanks, \
         not gonna happen, over my dead body, not on your life, nothing doing, count me out, no deal, no dice, i \
         think not, i do not think so, dont think so, i am afraid not, i must say no, not in a million years, no \
         siree, not at this time, not at all, no not at all, just no, not my thing, not my cup of tea, not something \
         i want, not something i need, not something we want, no interest in this, no interest in it, no interest in \
         that, have no interest, have no interest in this, have no interest in it, sit this one out, count us out, \
         leave me out, leave us out, leave me out of it, leave me out of this, leave us out of this, keep me out of \
         it, keep me out of this, no siree bob, thank you no, thanks no, not going to do it, do not care for this, do \
         not care for it, do not care to, no need for this, no need for it, have no need for it, have no need for \
         this, have no use for it, have no use for this",
    ),
    (
        Tag::NoProblem,
        "no problem, no prob, no probs, no problems, no problemo, no problem at all, not a problem, not a problem at \
         all, no worries, no worry, no worries at all, no biggie, no issue, no issues, not an issue, no trouble, no \
         objection, no objections",
    ),
    (Tag::Not, "unable to, nto, not, no longer, nt, neither do i"),
    (
        Tag::Never,
        "under no circumstances, by no means, at no point, at no time, in no way, never, never ever, nevermore, \
         neither of us, neither i, neither my",
    ),
    (Tag::I, "i, we, myself, i myself"),
    (Tag::Do, "do"),
    (Tag::Is, "is, would be, will be, is all"),
    (Tag::Have, "have, has, had, having"),
    (
        Tag::Aux,
        "am, are, happy to, glad to, pleased to, choose to, wish to, would like to, would love to, delighted to, \
         would be happy to, would be glad to, would be pleased to, will be happy to, would be delighted to",
    ),
    (
        Tag::AuxOther,
        "plan to, will, would, can, could, did, does, should, shall, be, been, being, was, were, going, go, planning, \
         plan on, intend, decided, choose, chose, choosing, prefer, rather, like, feel, feeling, able, comfortable, \
         interested, ready, willing, inclined, desire, wish, intention, must, have to, got, need, need to, allow, \
         allowing, let, letting, agreeable, opted, opting, afraid, sorry to, chosen, elected, elect, electing, \
         determined",
    ),
    (Tag::Want, "want, wants, wanting, care to"),
    (Tag::To, "to"),
    (Tag::Of, "with, for, of, in, on, about, from, by, regarding, as"),
    (
        Tag::Adv,
        "unfortunately, regrettably, sadly, with respect, with all due respect, in good conscience, in good faith, \
         full, fully, completely, hereby, really, truly, also, voluntarily, freely, wholeheartedly, 100, 100 percent, \
         percent, strongly, officially, formally, respectfully, politely, kindly, very, quite, all, too, firmly, \
         entirely, explicitly, definitively, both, so, personally, gratefully, readily, simply, knowingly, willingly, \
         at all, in full",
    ),
    (
        Tag::Now,
        "at this time, this time, for the time being, these days, at present, now, today, still, even, right now, at \
         this point, anyway, either, currently, at the moment, right this minute, presently, ever",
    ),
    (
        Tag::ThanksFor,
        "thank you for explaining it so well, thank you for explaining it to me, thank you for explaining so well, \
         sorry for late reply, sorry for the late reply, sorry for the late response, sorry for the delay, sorry for \
         late response, sorry for my late reply, sorry for the delayed response, sorry for the wait, sorry it took so \
         long, sorry i missed this, sorry for my delay, sorry for replying late, sorry i am late, sorry just saw \
         this, sorry just seeing this, thank you for the reminder, thanks for the reminder, thank you for your help, \
         thanks for your help, thank you for explaining, thank you for explaining it, thank you for everything, \
         thanks for everything, thank you for your time, thank you for reaching out, thanks for reaching out, thank \
         you for checking, thanks for checking, thank you for letting me know, thanks for letting me know, thank you \
         for the information, thanks for the info, thank you for the message, thanks for the message, thank you for \
         your message, thank you for asking, thanks for asking, thanks for your message, thanks for the update, thank \
         you for the update, thanks for explaining, thanks for explaining it, thank you for explaining everything, \
         thanks for your time, thank you for your patience, thank you for the info, thank you for texting, thank you \
         for everything you do, thank you for all you do, thanks for all you do, thanks for everything you do, thank \
         you for your care, thank you for caring, thank you for your service, thank you for all your help, thanks for \
         all your help, thank you for looking out for me, thank you for taking care of me, thanks so much for your \
         help, thank you so much for your help, thank you so much for everything, thanks so much for everything, \
         thank you very much for your help, thank you for the call, thank you for the opportunity, thank you for \
         thinking of me, thanks for thinking of me, thank you for including me, thank you for offering, thanks for \
         offering, thank you for the offer, thanks for the offer, thank you for your kindness, thank you for your \
         concern",
    ),
    (
        Tag::Sorry,
        "you too, sorry, i am sorry, my apologies, apologies, excuse me, pardon, bye, take care, so sorry, very \
         sorry, i am so sorry, goodbye, good bye, my bad, oops, sorry but, i am sorry but",
    ),
    (
        Tag::Polite,
        "dear dr, i would appreciate it if, i would appreciate if, would appreciate it if, appreciate it if, if you \
         could, if you would, i would appreciate it, would appreciate it, hope all is well, i hope you are well, \
         please, thanks, thank you, thank you so much, thank you very much, thanks so much, thanks a lot, many \
         thanks, thanks a million, thank you all, thanks again, thank you again, thank you kindly, much appreciated, \
         appreciate it, i appreciate it, i appreciate that, i appreciate you, good morning, good afternoon, good \
         evening, good day, good night, sir, maam, madam, doctor, doc, dear doctor, dear sir, dear, dear clinic, dear \
         team, team, to whom it may concern, god bless, god bless you, bless you, have a good day, have a great day, \
         have a nice day, have a good one, have a blessed day, have a wonderful day, much obliged, cheers, very kind \
         of you, so much, very much, greetings, respectfully yours, everyone, folks, guys, hun, hon, honey, sweetie, \
         darling, sweetheart, my dear, my friend, bro, bruh, dude, fam, sis, mam, boss, chief, thank you dr, thanks \
         dr, hi dr, hello dr, good morning dr, good afternoon dr, good evening dr, happy new year, merry christmas, \
         happy holidays, happy thanksgiving, happy easter, if you please, with thanks",
    ),
    (
        Tag::Filler,
        "correction, correcting, well, um, umm, uh, oh, ah, then, just saw this, just seeing this, ok so, so yes, so \
         yeah, actually, honestly, like i said, again, as i said, just got this, after reading, after thinking about \
         it, after thinking it over, after some thought, after much thought, having thought about it, i have thought \
         about it, i thought about it, i thought it over, i have thought it over, after careful consideration, upon \
         reflection, on reflection, i have considered it, i considered it, after reading this, after reading it, \
         after reading that, after reading your message, after reading all of it",
    ),
    (Tag::Laugh, "lol, haha, hahaha, ha, ha ha, lmao, rofl, hehe, lolol, jaja, jajaja"),
    (Tag::And, "and, plus"),
    (Tag::Or, "or, nor"),
    (Tag::Ignore, "disregard, ignore"),
    (Tag::Because, "because, since, as i, due to, cause"),
    (
        Tag::But,
        "but, except, however, although, though, only, partially, partly, part, some, half, otherwise, just, other \
         than, apart from, excluding, for now",
    ),
    (Tag::Consent, "consent, consenting, concent, consen, confirm my consent, confirm consent, confirm that i consent"),
    (
        Tag::Agree,
        "allow this, allow it, allow that, agree, agreeing, accept, accepting, approve, approving, authorize, \
         authorise, authorizing, acept, in agreement, aprove, acknowledge and agree, i am in agreement, we are in \
         agreement, am in agreement",
    ),
    (
        Tag::OkWith,
        "ok by me, fine by me, fine with me, ok with me, okay with me, okay by me, good with me, acceptable, \
         acceptable to me, ok for me, okay for me, alright with me, good by me, cool with me, okay with this, ok with \
         this, okay with that, ok with that, okay with it, ok with it, fine with this, fine with that, fine with it, \
         good with this, good with that, good with it, comfortable with this, comfortable with that, comfortable with \
         it, happy with this, happy with that, on board, cool with this, cool with that, alright with this, okay with \
         everything, fine with everything, good with everything, okay with all of this",
    ),
    (
        Tag::Permission,
        "what i agreed to, what i said, what i signed, my agreement, permission, authorization, authorisation, \
         approval, agreement",
    ),
    (
        Tag::Join,
        "continue, continue with this, move forward, go forward, go through with this, go through with it, sign me \
         up, enroll me, include me, add me, be a part of this, be part of this, be part of it, doing it, doing this, \
         doing that, do any of this, participate, participating, enroll, enrolling, enrol, join, joining, sign, sign \
         up, signing, signing up, take part, be part of, be a part of, be involved, be enrolled, opt in, opting in, \
         proceed, proceeding, do this, do that, do it, be in, be included, be signed up, get signed up, go ahead with \
         this, go ahead with it, go along with this, go along with it, be doing this, doing any of this, do any of \
         it, be a participant, be a member, become a member, get involved, be involved in, be included in, move \
         ahead, move ahead with this, put me down, put me down for it, put me down for this, be in this, be in it, be \
         on this, be on it, be part, be a part, moving forward, move forward with this, taking part, go through with \
         that, have anything to do with this, have anything to do with it, go forward with this, carry on with this, \
         opt me in, opt us in, be apart of this, be apart of it, be apart of",
    ),
    (Tag::Give, "give, giving, grant, granting, provide, providing"),
    (Tag::Given, "given, granted, provided by me, hereby given, hereby granted"),
    (Tag::My, "my, our"),
    (Tag::The, "the, any, your, a, an"),
    (Tag::YouHave, "you have, you have got, you got, you all have, you may have, you can have"),
    (
        Tag::It,
        "any part of this, any part of it, any part of that, any of this, any of it, any of that, any of these, this, \
         that, it, these, those, everything, all of it, all of this, all of the above, all this, all of that, \
         anything, whatever is needed, the above, above",
    ),
    (Tag::Fine, "fine, perfectly fine, just fine"),
    (
        Tag::Correct,
        "that works, this works, that works for me, this works for me, that sounds good, that sounds great, sounds \
         good to me, good, great, perfect, correct, cool, right, true, wonderful, excellent, awesome, lovely, a good \
         idea, a great idea, nice",
    ),
    (
        Tag::Obj,
        "being seen today, seen today, being seen, be seen, being treated, be treated, seen, being recorded, \
         recorded, being enrolled, enrolled, receive care, treatment, treatments, treat, treated, care, terms, \
         conditions, term, condition, policy, policies, share, sharing, shared, release, releasing, records, record, \
         information, info, medical, health, healthcare, clinic, office, telehealth, telemedicine, monthly, chronic, \
         advanced, primary, billing, billed, agreement terms, what you sent, what was sent, in the message, message \
         above, in this message, participating in, on behalf of, behalf, behalf of, as described, described, stated, \
         listed, receiving care, request, statement, notice, disclosure, privacy, hipaa, recording",
    ),
    (Tag::Form, "form, forms, document, documents, letter, paperwork, attachment, packet, details"),
    (Tag::None, "none, nothing, none of this, none of it, none of that, no part of this"),
    (Tag::You, "you, you all, you guys, you people"),
    (Tag::Me, "me, us, myself too"),
    (
        Tag::Read,
        "read, reviewed, went over, looked over, read over, read through, read everything you sent, read it all, read \
         and reviewed, gone over, looked at",
    ),
    (
        Tag::Understand,
        "understand, understood, read and understand, read and understood, acknowledge, understand what i am agreeing \
         to, understand it all, comprehend",
    ),
    (
        Tag::Refuse,
        "forbid, forbidding, uncomfortable with, decline, declining, refuse, refusing, reject, rejecting, object, \
         objecting, oppose, opposing, opposed, against, disagree, disagreeing, deny, dissent, dis agree, de consent, \
         withhold, withholding, denying, nonconsent, non consent, unwilling, no consent, turn down, turning down, \
         disapprove, disapproving",
    ),
    (
        Tag::Withdraw,
        "withdraw, withdrawing, rescind, rescinding, retract, retracting, take back, taking back, revoking, \
         cancelling, canceling, undo, terminate, terminating, withdrawal of",
    ),
    (Tag::Declined, "denied, refused, declined, rejected"),
    (
        Tag::Withdrawn,
        "withdrawn, withheld, revoked, rescinded, retracted, cancelled, canceled, terminated, removed, deleted",
    ),
    (Tag::Cancel, "cancel, revoke, revok, cancle, cancell"),
    (Tag::Quit, "quit, end"),
    (
        Tag::Stop,
        "enough with, enough of, stahp, turn off, shut off, stop, cease, stpo, sotp, stp, halt, stopp, discontinue, \
         cease and desist, knock off, refrain from, just stop",
    ),
    (
        Tag::Unsub,
        "get me off, get me off of, want out, i want out, let me out, get me out, get me out of, turn these off, turn \
         this off, turn it off, shut this off, shut these off, turn them off, make it stop, make this stop, make them \
         stop, unsubscribe, unsubscribed, opt out, op out, opting out, opt me out, opt us out, unsubscribing, \
         unsubcribe, unsuscribe, un subscribe, optout, opted out, be removed, be taken off, be removed from, be taken \
         off of, be taken out, be taken out of, be dropped from, be taken out from, block me, block my number",
    ),
    (
        Tag::LeaveMe,
        "leave me alone, leave us alone, lose my number, loose my number, lose this number, go to hell, go away, piss \
         off, fuck off, f off, bug off, buzz off, screw off, get lost, fuck you, no more, enough already, stop it \
         already, forget my number, knock it off, cut it out, get off my phone, get out of my phone, stay off my \
         phone, let me be, let us be, stay away from me, do not bug me, no texting, no messaging, no more texting, no \
         more messaging",
    ),
    (
        Tag::Text,
        "text, texting, message, messaging, contact, contacting, bothering, harass, harassing, spam, spamming, email, \
         emailing, call, calling, calls, bugging, pestering, pester, annoying, writing, reach out, reaching out, \
         blowing up my phone, messing, phoning, communicating, sms, hitting, hitting me up, disturb, disturbing, \
         hounding, bother me, bothering me, bother us, bothering us",
    ),
    (Tag::Send, "send, sending, sent"),
    (Tag::Get, "get, receive, receiving, be getting, have you, hear"),
    (
        Tag::Texts,
        "communication, texts, messages, text messages, text message, notifications, reminders, alerts, crap, stuff, \
         emails, spam messages, junk, shit, bullshit, garbage, subscription, subscriptions, sms messages, smses, \
         anything else, mass texts, robo texts, robotexts, robocalls, solicitations, communications, be contacted, be \
         texted, be messaged, be called, be emailed, be bothered, being contacted, being texted, be harassed",
    ),
    (
        Tag::More,
        "earlier, previous, prior, original, more, further, additional, other, any further, any more, another, such, \
         these kind of, kind of, future, all your, damn, fucking, stupid, unwanted, automated, damned, extra",
    ),
    (
        Tag::Again,
        "anymore, ever again, any longer, here, immediately, right away, now please, asap, period, on this number, at \
         this number, going forward, in the future, to this number, from now on, altogether, thx, forever",
    ),
    (Tag::Remove, "remove, removing, delete, erase, scrub, purge"),
    (Tag::Take, "take, drop, scratch, strike, taking"),
    (
        Tag::MyNumber,
        "my number, my phone number, this number, my cell, my cell number, my name, my contact, my contact info, my \
         phone, my info, my information, number, phone number, my contact information, this phone number, my cell \
         phone, my mobile, my mobile number, my details, my name and number, this phone, this line, this cell, this \
         mobile",
    ),
    (
        Tag::List,
        "list, lists, mailing, calling list, contacts, contact list, call list, texting list, text list, database, \
         system, distribution, group, thread, texting program, messaging list, chat, roster, registry, whatever list, \
         phone list, group text, message list",
    ),
    (Tag::Off, "off, off of, out of, out"),
    (
        Tag::CanYou,
        "can you, could you, would you, will you, can u, can someone, could someone, can you all, how about you, \
         would you mind",
    ),
    (
        Tag::Say,
        "regret to say, i regret to say, i meant, meant, i mean, mean, decision is, final answer, final answer is, \
         mark me as, mark me as a, mark me down as, mark me down as a, mark me down for, count me as, count me as a, \
         choice is, answer is a hard, my final answer, say, saying, answer is, answer, reply, reply is, replying, \
         vote, respond, responding, response is, response, going with, put me down as, put me down for, answer is \
         still, answer is a, voting, answering, answer remains, stick with, sticking with, answer to your question \
         is, answer to that is, answer to this is, answer to you is, reply to you is",
    ),
    (
        Tag::Mind,
        "i take it back, take it back, i take that back, take that back, disregard my earlier reply, disregard my \
         earlier response, disregard my earlier answer, disregard my earlier message, disregard my earlier text, \
         disregard my earlier ok, disregard my previous reply, disregard my previous response, disregard my previous \
         answer, disregard my previous message, disregard my previous text, disregard my previous ok, disregard my \
         first reply, disregard my first response, disregard my first answer, disregard my first message, disregard \
         my first text, disregard my first ok, disregard my last reply, disregard my last response, disregard my last \
         answer, disregard my last message, disregard my last text, disregard my last ok, ignore my earlier reply, \
         ignore my earlier response, ignore my earlier answer, ignore my earlier message, ignore my earlier text, \
         ignore my earlier ok, ignore my previous reply, ignore my previous response, ignore my previous answer, \
         ignore my previous message, ignore my previous text, ignore my previous ok, ignore my first reply, ignore my \
         first response, ignore my first answer, ignore my first message, ignore my first text, ignore my first ok, \
         ignore my last reply, ignore my last response, ignore my last answer, ignore my last message, ignore my last \
         text, ignore my last ok, changed our minds, change of heart, had a change of heart, reconsidered, changed my \
         mind, change my mind, i changed my mind, i have changed my mind, changing my mind, on second thought, ignore \
         that, disregard that, never mind, nevermind, scratch that, my mistake, oh wait, ooops, i made up my mind, i \
         have made up my mind",
    ),
    (
        Tag::Reason,
        "too risky, costs too much, it costs too much, cost too much, already have a doctor, i already have a doctor, \
         i have another doctor, have a doctor, i have my own doctor, i found another doctor, i found another clinic, \
         found another clinic, found another doctor, too far, i live too far, it is too far, switched doctors, i \
         switched doctors, i changed doctors, please call me, please call, do not need it, already have one, i do not \
         believe in it, it is too expensive, that is too expensive, too costly, i have one already, found someone \
         else, i found someone else, i no longer live there, i no longer go there, too expensive, too much, i moved, \
         cant afford it, can not afford it, i can not afford it, i have a doctor, i already have one, i am all set, \
         all set, not needed, i do not need it, i do not need this, i do not trust this, i do not trust you, not \
         right now, not now, i do not trust it, i do not like it, waste of time, a scam, healthy, hospice, in \
         hospice, medicaid, have medicaid, moving to, moving away, own doctor, my own doctor, own insurance, my own \
         insurance, can not afford this, can not afford that, can not pay, not need any of it, not need any of this, \
         not need that, not need it, not need this, not need help, not paying for that, not paying for it, happy with \
         my doctor, happy with my care, happy where i am, doing fine without it, too old, too many texts, too \
         complicated, too busy, not worth it, a waste of money, waste of money, rip off, a rip off, this is a scam, \
         switched clinics, changed doctors, changed clinics, going to another doctor, going elsewhere, getting care \
         elsewhere, found a new doctor, i found a new doctor, have a care manager, already have a care manager, have \
         insurance already, do not use texting, do not trust you people, have a nurse, have help, have help at home, \
         have enough help, have a caregiver, will not cover it, does not cover it, will not cover this, does not \
         cover this, not covered, do not ask again, do not ask me again, stop asking, already have help, already have \
         a nurse, already have care, already have insurance, have other insurance",
    ),
    (
        Tag::If,
        "with conditions, with a condition, with one condition, on condition, on one condition, under conditions, \
         under protest, under duress, conditionally, if, unless, until, till, provided, provided that, as long as, so \
         long as, once, assuming, depending, depends, without, before, in case, whenever, when, first, subject to, \
         contingent",
    ),
    (
        Tag::Hedge,
        "yeah right, yea right, ya right, oh sure, sure jan, sure sure, yah right, as if, maybe, perhaps, possibly, \
         probably, likely, guess, suppose, think, believe, assume, unsure, not sure, not certain, not exactly, not \
         really, sort of, kinda, sorta, might, may, do not know, dunno, hmm, hm, leaning, hope, should be, supposed \
         to, supposedly, whatever, either way, up to you, you decide, in theory, doubt, not sure if, wonder, \
         wondering, undecided, conflicted, torn, hesitant, mixed feelings, suure, riight, riiight",
    ),
    (
        Tag::Later,
        "later, tomorrow, tonight, soon, not yet, wait, hold on, hang on, let me, get back to you, think about, think \
         about it, think it over, deciding, asking, need more, more information, more info, more time, next week, \
         next month, next time, a minute, a moment, one sec, monday, tuesday, wednesday, thursday, friday, saturday, \
         sunday, have not read, on paper, talk about, discuss, ask my",
    ),
    (Tag::Their, "his, her, their"),
    (
        Tag::Third,
        "he, she, they, him, them, hers, said, says, nobody, no one, someone, everybody, hes, shes, theyre, theyve, \
         who",
    ),
    (
        Tag::Child,
        "son, daughter, child, children, kid, kids, baby, minor, minor child, sons, daughters, grandson, \
         granddaughter, ward, boy, girl, little one, stepson, stepdaughter",
    ),
    (
        Tag::Family,
        "wife, husband, spouse, brother, sister, grandmother, grandfather, grandma, grandpa, family, caregiver, \
         partner, aunt, uncle, poa, power of attorney",
    ),
    (
        Tag::Wrong,
        "wrong number, wrong person, wrong text, wrong phone, you have the wrong, is not my number, not the right \
         person, not the person, do not know you",
    ),
    (Tag::DoI, "do i, do we, am i"),
    (
        Tag::Ask,
        "what, why, how, where, which, whose, whats, whos, do you, are you, is this, is it, is that, is my, can i, \
         could i, may i, should i, did you, will i, are there, is there, who is, would it, will it, does it, does \
         this",
    ),
    (
        Tag::Past,
        "i said, i have said, i asked, we asked, asked, i keep saying, i keep telling, tell, telling, told, already, \
         faxed, consented, yesterday, last time, last week, last month, previously, ago, i did, mailed, emailed, \
         filled out, i did not, we did not, i have not, we have not",
    ),
    (
        Tag::Visit,
        "consent form, consent forms, consent paper, consent papers, consent packet, consent document, consent link, \
         appointment, appointments, appt, schedule, reschedule, refill, refills, prescription, pharmacy, insurance, \
         copay, bill, bills, results, lab, labs, test, visit, meds, medication, medicine, fever, pain, note, mri, \
         xray, fasting, speaking, confirm, confirmed, confirming",
    ),
    (Tag::Start, "start, unstop, restart, resubscribe, subscribe, begin"),
    (Tag::Help, "help, info please, more info please"),
    (
        Tag::Auto,
        "auto reply, autoreply, automatic reply, auto response, autoresponse, automated response, out of office, out \
         of the office, do not disturb, i am driving, message failed, failed to send, unable to send, message \
         blocking, not monitored, free msg, freemsg, user declined, successfully been unsubscribed, have been \
         unsubscribed, been unsubscribed, will get back to you, can i call you later, undeliverable, delivery failed, \
         not delivered, could not be delivered, mailbox, on vacation, no one is available, away from my phone, in a \
         meeting, can not talk right now, can not be delivered, not in service, this is an automated, automated \
         message, call you back, i am sleeping, currently unavailable, away message, no longer in service",
    ),
    (
        Tag::React,
        "liked, loved, disliked, emphasized, emphasised, laughed at, questioned, reacted, removed a, removed an, \
         removed the, thumbs up to, thumbs down to, thumbs up, hearted, added a",
    ),
    (
        Tag::Echo,
        "reply yes, reply no, reply stop, text yes, text stop, do you consent, do you agree, to consent or, yes to \
         consent or, yes or no, yes or stop, yes if you, reply y, msg data rates, consent request",
    ),
    (
        Tag::Device,
        "iphone, ipad, android, samsung, galaxy, smartphone, verizon, phone, cell, mobile, device, att, tmobile, \
         yahoo, mail, outlook, gmail, pixel, ios, motorola, lg, app, tablet, google, apple, sprint, windows",
    ),
    (Tag::SentFrom, "sent from my, get outlook for, sent via, sent from"),
    (
        Tag::SignOff,
        "sincerely, signed, regards, best regards, kind regards, warm regards, yours truly, yours, respectfully \
         submitted, name, signature, esigned, e signed, best, best wishes, cordially, warmly",
    ),
    (
        Tag::ThisIs,
        "this is, my name is, it is me, i am the patient, here is, consider this, please consider this, take this as, \
         let this be",
    ),
    (Tag::Birth, "dob, date of birth, birthdate, birthday, born, birth date, born on, d o b, bday"),
    (
        Tag::Month,
        "january, february, march, april, june, july, august, september, october, november, december, jan, feb, mar, \
         apr, jun, jul, aug, sept, sep, oct, nov, dec",
    ),
    (Tag::Greeting, "hi, hello, hey, hi there, hello there, hiya, howdy"),
    (
        Tag::Program,
        "program, programs, plan, care plan, treatment plan, service, services, apcm, ccm, care management, chronic \
         care management, primary care management, advanced primary care management, care coordination, offer, \
         proposal, membership, enrollment, enrolment, participation, management, care program",
    ),
    (
        Tag::Keep,
        "do not stop, never stop, do not remove me, do not cancel, do not take me off, do not unsubscribe, do not \
         delete, do not delete me, do not drop me, do not opt me out, do not quit, do not end, not want to stop, not \
         want to opt out, not want to cancel, not want to unsubscribe, not want to quit, not want to withdraw",
    ),
    (Tag::While, "after, while, whilst"),
    (
        Tag::Pay,
        "pay, pay for, pay for this, pay for it, pay for that, paying, paying for this, paying for it, be charged, be \
         billed, being billed, being charged, be charged for this, be billed for this, you to bill me, you to charge \
         me, you billing me, you billing medicare, you billing my medicare, you to bill medicare, you to bill my \
         medicare, you to bill my insurance, you to bill us, bill me, charge me, bill medicare, bill my medicare, \
         bill my insurance, the charge, the charges, the cost, the fee",
    ),
    (Tag::Parent, "mother, mom, father, dad, parent, parents, guardian, legal guardian, mama"),
    (
        Tag::Leave,
        "disenroll, dis enroll, unenroll, un enroll, deenroll, de enroll, disenrolling, unenrolling, disenrolled, \
         unenrolled, be disenrolled, be unenrolled, drop out, dropping out, drop out of, leave the program, leaving \
         the program, exit the program, leave this program, leaving this program, leave your program, leaving your \
         program, exit this program, opt out of the program, opt out of this program",
    ),
    (Tag::Letter, "mr, mrs, ms, jr, sr, ii, iii"),
    (
        Tag::Care,
        "vaccine, surgery, procedure, procedures, study, research, evaluated, examined, being evaluated, being \
         examined",
    ),
];
