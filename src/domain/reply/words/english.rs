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
         count me in, yes i will, yes we will, yes i would, yes i would like that, yes i would like to, sounds good, \
         sounds great, sounds fine, works for me, all right, alright, very well, why not yes, yes yes, yea sure, \
         without a doubt, no doubt yes, naturally, yes siree, yessiree, yes siree bob, yup yup, yep yep, yeah yeah, \
         why yes, yes indeedy, yesz, yeap, yessum, yes mam, oh yes, count us in, yes i would love to, yes i would be \
         happy to, yes i would be glad to, please proceed, please go ahead, you may proceed, go right ahead, please \
         enroll me, please sign me up, sign me up please, enroll me please, ye, heck yes, heck yeah, hell yes, hell \
         yeah, yes of course, yes absolutely, yes definitely, yes certainly, yes indeed, for sure yes, yes mam please, \
         uh huh, mhm, yes thats my answer, yes that is my answer, texting you back yes, you got my ok, you have my ok, \
         you have my blessing, i would like that, i would like that very much, would like that, i would love that, you \
         can go ahead, you may go ahead, you have the green light, green light, count my family in, yes count me in, \
         yes from both of us, yes for both of us, all good with me, good to go, i am good to go, yes i would like to \
         enroll, i would be glad to, i would be happy to, be glad to, be happy to, yes to both, yes to all, please \
         include me",
    ),
    (
        Tag::SayYes,
        "say ok, say okay, saying ok, 100 yes, a 100 percent yes, yes 100 percent, say yes, saying yes, i vote yes, \
         the answer is yes, my answer is yes, answer is yes, answer yes, a yes from me, yes from me, that is a yes, it \
         is a yes, put me down as a yes, put me down for yes, a definite yes, reply is yes, response is yes, replying \
         yes, a big yes, a yes, choose yes, i choose yes, choosing yes, i pick yes, pick yes, chose yes, consider this \
         a yes, consider it a yes, consider that a yes, this is a yes, definite yes, a definite yes from me, put me \
         down for a yes, a thousand times yes, mark me as a yes, mark me down as yes, mark me down for yes, a hundred \
         times yes, an absolute yes, a firm yes, solid yes, a solid yes, big yes, huge yes, yes is my answer, gonna \
         say yes, going to say yes, i am a yes, we are a yes, it is yes from me",
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
         choose no, i choose no, chose no, not for us, no thank yu, never in my life, no freaking way, no fucking way, \
         nope nope, big no, thats a hard no, nay nay, no thanks, no thank you, no thank u, no ty, no tks, nom thanks, \
         not interested, no interest, no interested, not for me, pass, i pass, i will pass, going to pass, have to \
         pass, hard pass, hard no, no way, no chance, no way jose, absolutely not, definitely not, certainly not, of \
         course not, sure not, surely not, not a chance, no can do, not happening, not going to happen, thanks but no \
         thanks, thank you but no, thanks but no, thank you but no thank you, thank you but no thanks, not gonna \
         happen, over my dead body, not on your life, nothing doing, count me out, no deal, no dice, i think not, i do \
         not think so, dont think so, i must say no, not in a million years, no siree, not at this time, not at all, \
         no not at all, just no, not my thing, not my cup of tea, not something i want, not something i need, not \
         something we want, no interest in this, no interest in it, no interest in that, have no interest, have no \
         interest in this, have no interest in it, sit this one out, count us out, leave me out, leave us out, leave \
         me out of it, leave me out of this, leave us out of this, keep me out of it, keep me out of this, no siree \
         bob, thank you no, thanks no, not going to do it, do not care for this, do not care for it, do not care to, \
         no need for this, no need for it, have no need for it, have no need for this, have no use for it, have no use \
         for this, not now not ever, not now or ever, not interested at all, not at all interested, not remotely \
         interested, not the least bit interested, not in the least interested, not even a little interested, not even \
         interested, uninterested, zero interest, have zero interest, no interest whatsoever, lost interest, have lost \
         interest, not into this, not into it, not into that, not up for this, not up for it, not up for that, no part \
         of this for me, do not want in, do not want in on this, do not want any part, do not need any of it, exclude \
         me, exclude us, skip me, skip us, leave us out of it, leave my name out of it, keep my name out of it, \
         sitting this one out, sit this out, sitting this out, not gonna do it, not gonna do this, not doing it, not \
         doing this, not doing that, aint happening, aint doing it, aint interested, aint doing that, it is a no, it \
         is a no from me, it is a no for me, that is a no from me, that is a no for me, i am a no, i am a hard no, a \
         hard no, a firm no, a big fat no, no from me, no for me, no from us, nah fam, no bueno, no way in hell, no \
         freakin way, like hell, nope not me, not me thanks, i think i will pass, think i will pass, i am going to \
         pass, i would pass, passing on this, passing on it, passing on that, pass on this, pass on it, pass on that, \
         pass on this one, take a pass, taking a pass, i will take a pass, i will sit this one out, so no, so nope, so \
         no thanks, so no thank you, so its a no, so it is a no, so that is a no, thanks anyway but no, nice try, do \
         not bother, absolutely no way, hard nope, big nope, heck nah, hell nah, nah bruh, no sir thank you, no maam \
         thank you, no thankyou, stop asking me, stop asking, quit asking me, quit asking, do not ask me again, do not \
         ask again, do not ask me, what part of no do not you understand, what part of no do you not understand, how \
         many times do i have to say no, how many times do i need to say no, how many times must i say no, decided not \
         to, decided against it, decided against this, decided against that, chosen not to, elected not to, opted not \
         to, choosing not to, opting not to, voted no, chose not to, do not need this, do not need your services, no \
         intention, have no intention, have no intention of, no intention of, no desire, no desire to, have no desire, \
         have no desire to, would rather you did not, would rather you not, rather you did not, rather you not, prefer \
         you did not, prefer you not, prefer that you not, prefer that you did not, out of the question, not on my \
         watch, not while i am alive, i do not see a need for this, i do not see the need for this, def not, deffo \
         not, defo not, most def not, not no but hell no, nno, noi, no no and no, no and no, no and final, absolutely \
         not happening, not a snowballs chance, not in this lifetime, not a chance in hell, fat chance, no sirree, no \
         mam no sir, no thank you i am good, nope i am good, nah i am fine, no we are good, nah we good, do not think \
         this is right for me, do not think this is right for us, do not think this is for me, do not think this is \
         for us, do not think this is what i want, do not think this is a good fit, do not think this is something i \
         want, do not think it is right for me, do not think it is right for us, do not think it is for me, do not \
         think it is for us, do not think it is what i want, do not think it is a good fit, do not think it is \
         something i want, do not think that is right for me, do not think that is right for us, do not think that is \
         for me, do not think that is for us, do not think that is what i want, do not think that is a good fit, do \
         not think that is something i want, do not believe this is right for me, do not believe this is right for us, \
         do not believe this is for me, do not believe this is for us, do not believe this is what i want, do not \
         believe this is a good fit, do not believe this is something i want, do not believe it is right for me, do \
         not believe it is right for us, do not believe it is for me, do not believe it is for us, do not believe it \
         is what i want, do not believe it is a good fit, do not believe it is something i want, do not believe that \
         is right for me, do not believe that is right for us, do not believe that is for me, do not believe that is \
         for us, do not believe that is what i want, do not believe that is a good fit, do not believe that is \
         something i want, do not feel this is right for me, do not feel this is right for us, do not feel this is for \
         me, do not feel this is for us, do not feel this is what i want, do not feel this is a good fit, do not feel \
         this is something i want, do not feel it is right for me, do not feel it is right for us, do not feel it is \
         for me, do not feel it is for us, do not feel it is what i want, do not feel it is a good fit, do not feel it \
         is something i want, do not feel that is right for me, do not feel that is right for us, do not feel that is \
         for me, do not feel that is for us, do not feel that is what i want, do not feel that is a good fit, do not \
         feel that is something i want, not right for me, not right for us, not a good fit, not a good fit for me, not \
         the right fit, not what i want, not what we want, not what i need, not what i am looking for, not interested \
         in that at all, let us not, let us skip it, let us skip this, skip this, skip it, skip this one, skip me on \
         this, not about that life, not doing all that, not doing all of that, hell to the no, aw hell no, oh hell no, \
         uh no, um no, nah b, nah thanks, nah thank you, nah homie, count my family out, count my kids out, count my \
         child out, leave my kid out of it, leave my child out of it, leave my kids out of it, leave my son out of it, \
         leave my daughter out of it, afraid not, not something i am interested in, not anything i am interested in, \
         nothing i am interested in, not what i am interested in",
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
         neither of us, neither i, neither my, you do not have the right to, you have no right to, you do not have \
         permission to, you are not allowed to, you are not to, you are forbidden to, you better not, you had better \
         not, nobody has permission to, no one has permission to, nobody is allowed to, no one is allowed to",
    ),
    (
        Tag::I,
        "i, we, myself, i myself, the wife and i, my wife and i, my husband and i, the husband and i, me and my wife, \
         me and my husband, me and the wife, my family and i, me and my family, my partner and i, my spouse and i, my \
         sister and i, my brother and i, my parents and i, both of us, my wife and me, my husband and me, the missus \
         and i",
    ),
    (Tag::Do, "do, doing"),
    (Tag::Is, "is, would be, will be, is all"),
    (Tag::Have, "have, has, had, having"),
    (
        Tag::Aux,
        "am, are, happy to, glad to, pleased to, choose to, wish to, would like to, would love to, delighted to, would \
         be happy to, would be glad to, would be pleased to, will be happy to, would be delighted to, willing to, more \
         than happy to, more than willing to, very happy to",
    ),
    (
        Tag::AuxOther,
        "plan to, will, would, can, could, did, does, should, shall, be, been, being, was, were, going, go, planning, \
         plan on, intend, decided, choose, chose, choosing, prefer, rather, like, feel, feeling, able, comfortable, \
         interested, ready, willing, inclined, desire, wish, intention, must, have to, got, need, need to, allow, \
         allowing, let, letting, agreeable, opted, opting, afraid, sorry to, chosen, elected, elect, electing, \
         determined, needs, require, requires, required, requiring, looking to, about to, prepared to, prepared, in \
         the market, just as soon, would just as soon, rather just, come",
    ),
    (Tag::Want, "want, wants, wanting, care to"),
    (Tag::To, "to"),
    (Tag::With, "with, of, in, on, about, from, by, regarding, as, via, over, into, at"),
    (
        Tag::Adv,
        "unfortunately, regrettably, sadly, with respect, with all due respect, in good conscience, in good faith, \
         full, fully, completely, hereby, really, truly, also, voluntarily, freely, wholeheartedly, 100, 100 percent, \
         percent, strongly, officially, formally, respectfully, politely, kindly, very, quite, all, too, firmly, \
         entirely, explicitly, definitively, both, so, personally, gratefully, readily, simply, knowingly, willingly, \
         at all, in full, regretfully, gotta be honest, frankly, to be honest, tbh, straight up, flat out, just plain, \
         plain, emphatically, categorically, vehemently, adamantly, gracefully, flatly, outright, as a patient, with \
         nobody, to nobody, with anyone, to anyone, with anybody, to anybody, with no one, to no one, with anyone \
         else, to anyone else, with anybody else, with other people, with others, with third parties, to third \
         parties, with the public, publicly, on the internet, on social media, on facebook, on your website, on the \
         website, on your page, kind, generous",
    ),
    (
        Tag::Now,
        "at this time, this time, for the time being, these days, at present, now, today, still, even, right now, at \
         this point, anyway, either, currently, at the moment, right this minute, presently, ever, after all",
    ),
    (
        Tag::ThanksFor,
        "thank you for explaining it so well, thank you for explaining it to me, thank you for explaining so well, \
         sorry for late reply, sorry for the late reply, sorry for the late response, sorry for the delay, sorry for \
         late response, sorry for my late reply, sorry for the delayed response, sorry for the wait, sorry it took so \
         long, sorry i missed this, sorry for my delay, sorry for replying late, sorry i am late, sorry just saw this, \
         sorry just seeing this, thank you for the reminder, thanks for the reminder, thank you for your help, thanks \
         for your help, thank you for explaining, thank you for explaining it, thank you for everything, thanks for \
         everything, thank you for your time, thank you for reaching out, thanks for reaching out, thank you for \
         checking, thanks for checking, thank you for letting me know, thanks for letting me know, thank you for the \
         information, thanks for the info, thank you for the message, thanks for the message, thank you for your \
         message, thank you for asking, thanks for asking, thanks for your message, thanks for the update, thank you \
         for the update, thanks for explaining, thanks for explaining it, thank you for explaining everything, thanks \
         for your time, thank you for your patience, thank you for the info, thank you for texting, thank you for \
         everything you do, thank you for all you do, thanks for all you do, thanks for everything you do, thank you \
         for your care, thank you for caring, thank you for your service, thank you for all your help, thanks for all \
         your help, thank you for looking out for me, thank you for taking care of me, thanks so much for your help, \
         thank you so much for your help, thank you so much for everything, thanks so much for everything, thank you \
         very much for your help, thank you for the call, thank you for the opportunity, thank you for thinking of me, \
         thanks for thinking of me, thank you for including me, thank you for offering, thanks for offering, thank you \
         for the offer, thanks for the offer, thank you for your kindness, thank you for your concern, thanks for your \
         concern, thank you for your understanding, thanks for your understanding, thank you for understanding, thanks \
         for understanding, thank you for the invite, thanks for the invite, thank you for the invitation, thanks for \
         the invitation, thank you for inviting me, thanks for inviting me, thank you for your interest, thanks for \
         your interest, thank you for contacting me, thanks for contacting me, thank you for thinking of us, thanks \
         for thinking of us, thank you for including us, thanks for including us, thanks for your kindness, thank you \
         for being there, thanks for being there, thank you for your hard work, thanks for your hard work, thank you \
         for your call, thanks for your call, thank you for calling, thanks for calling, thank you for your text, \
         thanks for your text, thank you for the text, thanks for the text, thank you for the heads up, thanks for the \
         heads up, thank you for following up, thanks for following up, thank you for looking out, thanks for looking \
         out, thank you for being so kind, thanks for being so kind, thank you for your offer, thanks for your offer, \
         thank you for the follow up, thanks for the follow up",
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
         please, thanks, thank you, thank you so much, thank you very much, thanks so much, thanks a lot, many thanks, \
         thanks a million, thank you all, thanks again, thank you again, thank you kindly, much appreciated, \
         appreciate it, i appreciate it, i appreciate that, i appreciate you, good morning, good afternoon, good \
         evening, good day, good night, sir, maam, madam, doctor, doc, dear doctor, dear sir, dear, dear clinic, dear \
         team, team, to whom it may concern, god bless, god bless you, bless you, have a good day, have a great day, \
         have a nice day, have a good one, have a blessed day, have a wonderful day, much obliged, cheers, very kind \
         of you, so much, very much, greetings, respectfully yours, everyone, folks, guys, hun, hon, honey, sweetie, \
         darling, sweetheart, my dear, my friend, bro, bruh, dude, fam, sis, mam, boss, chief, thank you dr, thanks \
         dr, hi dr, hello dr, good morning dr, good afternoon dr, good evening dr, happy new year, merry christmas, \
         happy holidays, happy thanksgiving, happy easter, if you please, with thanks, respect my decision, respect my \
         wishes, respect my choice, respect that, respect this, hope you understand, i hope you understand, hope that \
         is ok, no offense, no hard feelings, with love, ladies, gentlemen, kind sir, have a blessed one, stay safe, \
         have a good weekend, have a nice weekend, have a good evening, have a good night, happy friday, good luck, \
         best of luck, good luck with it, god bless yall, god bless you all, blessings, thank you though, thanks \
         though, thanks anyway, thank you anyway, thanks a bunch, thanks a ton, thanks a bundle, luv, thank you \
         bunches, thanks bunches, thanks and god bless, thanks yall, thank you yall",
    ),
    (
        Tag::Filler,
        "correction, correcting, well, um, umm, uh, oh, ah, then, just saw this, just seeing this, ok so, so yes, so \
         yeah, actually, honestly, like i said, again, as i said, just got this, after reading, after thinking about \
         it, after thinking it over, after some thought, after much thought, having thought about it, i have thought \
         about it, i thought about it, i thought it over, i have thought it over, after careful consideration, upon \
         reflection, on reflection, i have considered it, i considered it, after reading this, after reading it, after \
         reading that, after reading your message, after reading all of it, sugar, sweetpea, for the last time, once \
         again, one more time, mijo, mija, joven, for the third time, for the second time, for the tenth time, for the \
         hundredth time, for the millionth time, for the fourth time, i am not going to lie, not going to lie, ngl, \
         amigo",
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
         agreement, am in agreement, authorize you, approve of, authorise you, am agreeable, am ok to proceed",
    ),
    (
        Tag::OkWith,
        "ok by me, fine by me, fine with me, ok with me, okay with me, okay by me, good with me, acceptable, \
         acceptable to me, ok for me, okay for me, alright with me, good by me, cool with me, okay with this, ok with \
         this, okay with that, ok with that, okay with it, ok with it, fine with this, fine with that, fine with it, \
         good with this, good with that, good with it, comfortable with this, comfortable with that, comfortable with \
         it, happy with this, happy with that, on board, cool with this, cool with that, alright with this, okay with \
         everything, fine with everything, good with everything, okay with all of this, in favor, in favor of this, in \
         favor of it, in favor of that, agreeable to this, agreeable to that, down with this, down with that, down \
         with it, down for this, down for that, all for it, all for this, cool with it, ok with, okay with, fine with, \
         comfortable with, cool with, alright with, all right with",
    ),
    (
        Tag::Permission,
        "what i agreed to, what i said, what i signed, my agreement, permission, authorization, authorisation, \
         approval, agreement, my signature, what i agreed to earlier, what i said earlier, what i said yesterday, what \
         i said before, that paper i signed, the paper i signed, the form i signed, that form i signed, the papers i \
         signed, what i told you, what i signed up for",
    ),
    (
        Tag::Join,
        "continue, continue with this, move forward, go forward, go through with this, go through with it, sign me up, \
         enroll me, include me, add me, be a part of this, be part of this, be part of it, doing it, doing this, doing \
         that, do any of this, participate, participating, enroll, enrolling, enrol, join, joining, sign, sign up, \
         signing, signing up, take part, be part of, be a part of, be involved, be enrolled, opt in, opting in, \
         proceed, proceeding, do this, do that, do it, be in, be included, be signed up, get signed up, go ahead with \
         this, go ahead with it, go along with this, go along with it, be doing this, doing any of this, do any of it, \
         be a participant, be a member, become a member, get involved, be involved in, be included in, move ahead, \
         move ahead with this, put me down, put me down for it, put me down for this, be in this, be in it, be on \
         this, be on it, be part, be a part, moving forward, move forward with this, taking part, go through with \
         that, have anything to do with this, have anything to do with it, go forward with this, carry on with this, \
         opt me in, opt us in, be apart of this, be apart of it, be apart of, put me down for that, put me down for \
         anything, sign me up for, sign me up for anything, sign me up for that, sign me up for it, enroll us, include \
         us, sign us up, add us",
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
         anything, whatever is needed, the above, above, whatever this is, whatever it is, whatever that is, whatever \
         this thing is, whatever they are, whatever these are, this thing, that thing, this whole thing, the whole \
         thing, this stuff, that stuff, any of that stuff, any of this stuff, this mess, this nonsense, that nonsense, \
         this one, that one",
    ),
    (Tag::Fine, "fine, perfectly fine, just fine"),
    (
        Tag::Correct,
        "that works, this works, that works for me, this works for me, that sounds good, that sounds great, sounds \
         good to me, good, great, perfect, correct, cool, right, true, wonderful, excellent, awesome, lovely, a good \
         idea, a great idea, nice, i am interested, we are interested, you can text me, you may text me, you can \
         message me, you may message me, you can text me at this number, you may text me at this number, texting is \
         fine, texting is ok, texting works, text is fine, it is ok to text me, ok to text me, it is okay to text me, \
         you can send me texts, you can send texts, you can send me messages, i will do it, i will participate, i will \
         join, i will take part, i will enroll, i will sign up, we will do it, we will participate, we will join, let \
         us do it, let us go, let us do this, i would love it",
    ),
    (
        Tag::Obj,
        "being seen today, seen today, being seen, be seen, being treated, be treated, seen, being enrolled, enrolled, \
         receive care, treatment, treatments, treat, treated, care, terms, conditions, term, condition, policy, \
         policies, records, information, info, medical, health, healthcare, clinic, office, monthly, chronic, \
         advanced, primary, billing, billed, agreement terms, what you sent, what was sent, in the message, message \
         above, in this message, participating in, as described, described, stated, listed, receiving care, request, \
         statement, notice, disclosure, privacy, hipaa, contact info, contact information, data, history, chart, \
         charts, face, visits, virtual, remote, remotely, monitoring, stuff thing, thing, things, deal, business, \
         personal, private, health info, health information, medical info, medical information, medical records, \
         health records, phi, portal, arrangement, medical record, health record, my record, my medical record",
    ),
    (Tag::Form, "form, forms, document, documents, letter, paperwork, attachment, packet"),
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
         to, understand it all, comprehend, got it",
    ),
    (
        Tag::Refuse,
        "forbid, forbidding, uncomfortable with, decline, declining, refuse, refusing, reject, rejecting, object, \
         objecting, oppose, opposing, opposed, against, disagree, disagreeing, deny, dissent, dis agree, de consent, \
         withhold, withholding, denying, nonconsent, non consent, unwilling, no consent, turn down, turning down, \
         disapprove, disapproving, exercising my right to refuse, exercise my right to refuse, exercising my right to \
         decline, exercise my right to decline, turn it down, turn this down, turn that down, turn you down, turning \
         it down, turning this down, turning you down, say no to, saying no to, a decline, veto, not agreeable to, \
         protest, abstain, abstaining, abstain from, the right to refuse, my right to refuse, the right to decline, my \
         right to decline, the right to say no, my right to say no, exercising my right to say no, exercise my right \
         to say no, reserve the right to refuse",
    ),
    (
        Tag::Withdraw,
        "withdraw, withdrawing, rescind, rescinding, retract, retracting, take back, taking back, revoking, \
         cancelling, canceling, undo, terminate, terminating, withdrawal of, tear up, tearing up, shred, rip up, void, \
         take my yes back, taking my yes back, take back my yes, taking back my yes, take my consent back, taking my \
         consent back, take my permission back, renege on, go back on, unsign, nullify, reverse, reversing, throw \
         away, throw out, throwing out, trash, rip apart, tear apart, ripping up, pull back, walk back, invalidate, \
         like to revoke, want to revoke, wish to revoke, need to revoke, close out, closing out",
    ),
    (
        Tag::Declined,
        "denied, refused, declined, rejected, request denied, access denied, permission denied, consent denied, \
         consent refused, permission refused, offer declined, consent declined, consent not given, consent withheld, \
         permission not granted",
    ),
    (
        Tag::Withdrawn,
        "withdrawn, withheld, revoked, rescinded, retracted, cancelled, canceled, terminated, removed, deleted, taken \
         off, erased, wiped, dropped, taken out",
    ),
    (Tag::Cancel, "cancel, revoke, revok, cancle, cancell"),
    (Tag::Quit, "quit, end, ending, quitting"),
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
         unsubcribe, unsuscribe, un subscribe, optout, be removed, be taken off, be removed from, be taken off of, be \
         taken out, be taken out of, be dropped from, be taken out from, block me, block my number, unsubscribe from, \
         opt me out of, get me off this, take me off please, unenroll from texts, opt out from, wants out, to opt out, \
         stop all texts, end all texts, end texts, end messages, end all messages, cancel texts, cancel messages, \
         cancel all texts, cancel all messages, deregister me, deregister, unregister me, unregister, want off, i want \
         off, want off of, get off of this list, get me off your list, be left alone, let me off this list, let me off \
         the list, let me off your list, make sure i am taken off, make sure i am removed, make sure i am off, make \
         sure i am removed from, make sure i am taken off of, see that i am removed, see that i am taken off",
    ),
    (
        Tag::LeaveMe,
        "leave me alone, leave us alone, lose my number, loose my number, lose this number, go to hell, go away, piss \
         off, fuck off, f off, bug off, buzz off, screw off, get lost, fuck you, no more, enough already, stop it \
         already, forget my number, knock it off, cut it out, get off my phone, get out of my phone, stay off my \
         phone, let me be, let us be, stay away from me, do not bug me, no texting, no messaging, no more texting, no \
         more messaging, text me no more, contact me no more, message me no more, write me no more, call me no more, \
         leave me be, leave us be, leave me out of your texts, quit it, quit that, leave me the hell alone, leave me \
         the heck alone, leave me tf alone, leave me the fuck alone, gtfo, stfu, eff off, get bent, shove it, kick \
         rocks, screw you, lay off, back off, beat it, shut up, enough is enough, i have had enough, forget this \
         number, delete this number, blocking you, i am blocking you, blocking this number, i am blocking this number, \
         reporting this as spam, reporting as spam, reported as spam, reported as junk, reporting you, i will block \
         you, i will report you, let me alone, leave my family alone, forget about me, forget me, do not want to be \
         bothered, no soliciting, no solicitation, no solicitors, stay out of my business, stay out my business, stay \
         out of my inbox, stay out my inbox, get out of my inbox, mind your business, mind your own business, not your \
         concern, not your business, go bother someone else, bother someone else, take a hike, eff you, leave this \
         number alone, leave my phone alone, take a hint, get off my line, go kick rocks, do not hit me up, do not hit \
         my phone, do not hit my line, leave me tf out, no spam, no more spam, leave me alone already, do not text me \
         no more, do not contact me no more, do not message me no more, do not call me no more, do not bother me no \
         more, no contact",
    ),
    (
        Tag::Text,
        "text, texting, message, messaging, contact, contacting, bothering, harass, harassing, spam, spamming, email, \
         emailing, call, calling, calls, bugging, pestering, pester, annoying, writing, reach out, reaching out, \
         blowing up my phone, messing, phoning, communicating, sms, hitting, hitting me up, disturb, disturbing, \
         hounding, bother me, bothering me, bother us, bothering us, hitting my line, hitting up, blowing up, \
         bombarding, flooding, nagging, stalking, texting on, reaching, notifying, notify, solicit, soliciting, \
         contacting us, robotexting, robocalling, whatsapp, ping, pinging, msging",
    ),
    (Tag::Send, "send, sending, sent"),
    (Tag::Get, "get, receive, receiving, be getting, have you, hear"),
    (
        Tag::Texts,
        "communication, texts, messages, text messages, text message, notifications, reminders, alerts, crap, stuff, \
         emails, spam messages, junk, shit, bullshit, garbage, subscription, subscriptions, sms messages, smses, \
         anything else, mass texts, robo texts, robotexts, robocalls, solicitations, communications, be contacted, be \
         texted, be messaged, be called, be emailed, be bothered, being contacted, being texted, be harassed, \
         nonsense, spam texts, robo messages, automated texts, automated messages, text alerts, text reminders, \
         blasts, bs, mess, mass messages, promos, promotions, ads, advertisements, surveys, survey, voicemails, pings, \
         text messaging, spam text, emails and texts",
    ),
    (
        Tag::More,
        "earlier, previous, prior, original, more, further, additional, other, any further, any more, another, such, \
         these kind of, kind of, future, all your, damn, fucking, stupid, unwanted, automated, damned, extra",
    ),
    (
        Tag::Again,
        "anymore, ever again, any longer, here, immediately, right away, now please, asap, period, on this number, at \
         this number, going forward, in the future, to this number, from now on, altogether, thx, forever, whatsoever, \
         pronto, stat, this instant, once and for all, effective immediately, as of today, as of now, starting now, \
         for good, permanently, three times, twice, many times, a hundred times, several times, a million times, over \
         and over, again and again, multiple times, for real, for reals, fr, frfr, like now, like right now, like \
         yesterday, for crying out loud, for christs sake, for gods sake, for heavens sake, at once, effective today, \
         effective now, as well, thank god",
    ),
    (Tag::Remove, "remove, removing, delete, erase, scrub, purge, wipe, expunge, eliminate, clear, unlist"),
    (Tag::Take, "take, drop, scratch, strike, taking, pull, yank, keep, cross"),
    (
        Tag::MyNumber,
        "my number, my phone number, this number, my cell, my cell number, my name, my contact, my phone, number, \
         phone number, this phone number, my cell phone, my mobile, my mobile number, my name and number, this phone, \
         this line, this cell, this mobile, my line, my personal number, my personal phone, my home number, my home \
         phone, my landline, my email, my email address, the number",
    ),
    (
        Tag::List,
        "list, lists, mailing, calling list, contacts, contact list, call list, texting list, text list, database, \
         system, distribution, group, thread, texting program, messaging list, chat, roster, registry, whatever list, \
         phone list, group text, message list, rolodex, directory, phonebook, phone book, blast, texting system, text \
         system, text service, texting service, broadcast, group chat, mailing list, marketing list, campaign, \
         messaging system, messaging service, alerts list, reminders list, auto text, autotext, contact book, address \
         book, registration, recipients, text thread, files",
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
         still, answer is a, voting, answering, answer remains, stick with, sticking with, answer to your question is, \
         answer to that is, answer to this is, answer to you is, reply to you is, change my answer to, change my \
         response to, change my reply to, change my vote to, change my choice to, switch my answer to, switch my \
         response to, change that to, change it to, change me to, change my yes to, change my yes to a, changing my \
         answer to, same answer, type, write, put",
    ),
    (
        Tag::Mind,
        "i take it back, take it back, i take that back, take that back, disregard my earlier reply, disregard my \
         earlier response, disregard my earlier answer, disregard my earlier message, disregard my earlier text, \
         disregard my earlier ok, disregard my previous reply, disregard my previous response, disregard my previous \
         answer, disregard my previous message, disregard my previous text, disregard my previous ok, disregard my \
         first reply, disregard my first response, disregard my first answer, disregard my first message, disregard my \
         first text, disregard my first ok, disregard my last reply, disregard my last response, disregard my last \
         answer, disregard my last message, disregard my last text, disregard my last ok, ignore my earlier reply, \
         ignore my earlier response, ignore my earlier answer, ignore my earlier message, ignore my earlier text, \
         ignore my earlier ok, ignore my previous reply, ignore my previous response, ignore my previous answer, \
         ignore my previous message, ignore my previous text, ignore my previous ok, ignore my first reply, ignore my \
         first response, ignore my first answer, ignore my first message, ignore my first text, ignore my first ok, \
         ignore my last reply, ignore my last response, ignore my last answer, ignore my last message, ignore my last \
         text, ignore my last ok, changed our minds, change of heart, had a change of heart, reconsidered, changed my \
         mind, change my mind, i changed my mind, i have changed my mind, changing my mind, on second thought, ignore \
         that, disregard that, never mind, nevermind, scratch that, my mistake, oh wait, ooops, i made up my mind, i \
         have made up my mind, said yes, i said yes, when i said yes, i said yes before, i said yes earlier, said yes \
         earlier, said yes before, i said yes last time, autocorrect said yes, i made a mistake, made a mistake, it \
         was a mistake, that was a mistake, that was an error, by mistake, hit the wrong button, hit yes by mistake, i \
         hit yes by mistake, i said yes by mistake, i signed up by mistake, i was wrong to agree, i spoke too soon, \
         spoke too soon, i regret saying yes, regret saying yes, i jumped the gun, after talking it over, we talked it \
         over, talked it over, i prayed about it, i prayed on it, we discussed it, i slept on it, thought it over, \
         thought about it, having second thoughts, i had second thoughts, autocorrect, damn autocorrect, stupid \
         autocorrect, typo, nvm, nvm what i said, nvm what i said before, never mind what i said, nevermind what i \
         said, forget what i said, forget what i said before, ignore what i said, ignore what i said before, disregard \
         what i said, scratch what i said, cancel that, hit yes, pressed yes, pushed yes, clicked yes, sent yes, typed \
         yes, texted yes, put yes, i put yes, i sent yes, i hit yes, i texted yes, i typed yes, i clicked yes, replied \
         yes, i replied yes, answered yes, i answered yes, agreed earlier, i agreed earlier, i agreed before, my \
         earlier yes, my first yes, my last yes, my previous yes",
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
         all set, i do not need it, i do not need this, i do not trust this, i do not trust you, not right now, not \
         now, i do not trust it, i do not like it, waste of time, a scam, healthy, hospice, in hospice, medicaid, have \
         medicaid, moving to, moving away, own doctor, my own doctor, own insurance, my own insurance, can not afford \
         this, can not afford that, can not pay, not need any of it, not need any of this, not need that, not need it, \
         not need this, not need help, not paying for that, not paying for it, happy with my doctor, happy with my \
         care, happy where i am, doing fine without it, too old, too many texts, too complicated, too busy, not worth \
         it, a waste of money, waste of money, rip off, a rip off, this is a scam, switched clinics, changed doctors, \
         changed clinics, going to another doctor, going elsewhere, getting care elsewhere, found a new doctor, i \
         found a new doctor, have a care manager, already have a care manager, have insurance already, do not use \
         texting, do not trust you people, have a nurse, have help, have help at home, have enough help, have a \
         caregiver, will not cover it, does not cover it, will not cover this, does not cover this, not covered, \
         already have help, already have a nurse, already have care, already have insurance, have other insurance, \
         overcharged, overcharged me, ripped off, scam, scams, scammer, scammers, fraud, sketchy, shady, creepy, face \
         to face, in person, in person only, private person, too personal, too invasive, invasive, none of your \
         business, my own business, against my religion, not paying, not paying extra, fixed income, tight budget, on \
         a budget, another copay, another bill, extra cost, extra costs, extra charge, extra charges, end of story, \
         that is final, it is final, case closed, end of discussion, different doctor, new doctor, new pcp, another \
         doctor, another provider, another clinic, another physician, new provider, new physician, somewhere else, \
         someone else, do not do computers, do not do technology, do not own a computer, do not have a smartphone, not \
         good with technology, no smartphone, bad experience, no time for this, no time for that, no time for it, do \
         not have time for this, do not have time for it, do not have the time, do not have the money, do not have \
         money, do not have that kind of money, can not spare, way too much, too high, not cheap, waste of my time, \
         too nosy, nosy, i know my rights, do not like it, do not like this, do not like that, do not like the idea, \
         do not like how, do not trust it, do not trust this, do not trust them, do not trust yall, do not trust \
         computers, do not trust the internet, do not trust doctors, do not trust technology, do not believe in this, \
         do not believe in that, do not believe in telehealth, do not see the point, do not see the need, do not see \
         the benefit, i see no need, no point, pointless, unnecessary, not necessary, i feel fine, i feel fine without \
         it, i am fine without it, fine without it, fine the way i am, fine as i am, fine as is, like things the way \
         they are, like it the way it is, doing fine on my own, can manage on my own, manage on my own, do fine on my \
         own, take care of myself, switching doctors, switching clinics, changing doctors, leaving your practice, \
         leaving the practice, leaving your clinic, keep my information private, keep my info private, keep my health \
         info private, keep my business private, keep that private, keep it private, keep things private, takes care \
         of me, take care of me, looks after me, look after me, do not have a computer, do not have internet, no \
         internet, no computer, do not have wifi, do not have a car, we moved, moved away, moved to, moved out of, i \
         have moved, we have moved, have kaiser, under hospice care, on hospice, in hospice care, too old for this, \
         too old for that, too old to, getting too old, not tech savvy, not computer savvy, do not know how to use it, \
         hard of hearing, already takes enough, already take enough, already pay enough, pay enough, enough bills, \
         enough doctors, too many doctors, too many appointments, too many bills, doing ok on my own, do ok on my own, \
         do not need that, feel fine, doing fine, doing well, doing ok, not sick, am healthy, wasting my time, wasting \
         your time, allergic to that, do not believe, against my beliefs, do not go there, do not go there anymore, no \
         longer a patient, not a patient anymore, not your patient, have my own, have one already, have somebody, have \
         someone, use another clinic, use another doctor, see another doctor, see a specialist, see someone else, see \
         a different doctor, specialist elsewhere, happy with what i have, satisfied with my care, satisfied with what \
         i have, not needed, will not pay for it, will not pay for this, will not pay, does not pay for it, will not \
         cover, does not cover, do not think i need that, do not think i need it, do not think i need this, too many \
         questions, already get help, already getting help, am fine with what i have, prefer in person, prefer the \
         phone, prefer phone calls, prefer paper, do not like computers, do not like doctors, do not like needles, do \
         not use computers, do not use the internet, do not use apps, do not do apps, do not see why i should, no \
         money, not made of money",
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
         wondering, undecided, conflicted, torn, hesitant, mixed feelings, suure, riight, riiight, not fully, not \
         entirely, not completely, not totally, do not fully, do not entirely, do not completely, do not totally, do \
         not quite, do not always, it is not that, not that i, thinking of, thinking about, considering, \
         contemplating, tempted to",
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
         granddaughter, ward, boy, girl, little one, stepson, stepdaughter, kiddo, kiddos, toddler, newborn, teen, \
         teenager, niece, nephew, infant, twins",
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
        "i said, i have said, i asked, we asked, asked, i keep saying, i keep telling, tell, telling, told, faxed, \
         consented, yesterday, last time, last week, last month, previously, ago, i did, mailed, emailed, filled out, \
         i did not, we did not, i have not, we have not, i already said, i have already said, already said, i already \
         told you, already told you, i told you, told you, i have told you, already, on file",
    ),
    (
        Tag::Visit,
        "consent form, consent forms, consent paper, consent papers, consent packet, consent document, consent link, \
         appointment, appointments, appt, schedule, reschedule, refill, refills, prescription, pharmacy, insurance, \
         copay, bill, bills, results, lab, labs, test, visit, meds, medication, medicine, fever, pain, note, mri, \
         xray, fasting, speaking, confirm, confirmed, confirming, slot, waitlist, waiting list, calendar, reservation, \
         session, referral",
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
         consent or, yes or no, yes or stop, yes if you, reply y, msg data rates, consent request, yes to consent",
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
         proposal, membership, enrollment, enrolment, participation, management, care program, care manager, case \
         manager, care coordinator, monthly calls, monthly call, monthly check ins, check ins, health coach, care team \
         calls, monthly program, monthly service",
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
         medicare, you to bill my insurance, you to bill us, bill me, charge me, bill medicare, bill my medicare, bill \
         my insurance, the charge, the charges, the cost, the fee, monthly fee, monthly charge, monthly cost, the \
         monthly fee, the monthly charge, the monthly cost, monthly billing",
    ),
    (
        Tag::Parent,
        "mother, mom, father, dad, parent, parents, guardian, legal guardian, mama, mommy, daddy, mum, stepmother, \
         stepfather, stepmom, stepdad, foster parent, foster mom, foster mother, grandparent and guardian, \
         conservator, custodial parent",
    ),
    (
        Tag::Leave,
        "disenroll, dis enroll, unenroll, un enroll, deenroll, de enroll, disenrolling, unenrolling, disenrolled, \
         unenrolled, be disenrolled, be unenrolled, drop out, dropping out, drop out of, leave the program, leaving \
         the program, exit the program, leave this program, leaving this program, leave your program, leaving your \
         program, exit this program, opt out of the program, opt out of this program, back out, backing out, back out \
         of, backing out of, bow out, bowing out, bow out of, stepping away, step away from, pull out, pulling out, \
         pull out of, pulling out of, withdraw myself, remove myself, drop me from the program, quit the program, quit \
         this program, leave the study, walk away from, get out of, getting out of, taking myself out of, take myself \
         out of, take myself out, stop participating, stop my participation, end my participation",
    ),
    (Tag::Letter, "mr, mrs, ms, jr, sr, ii, iii"),
    (
        Tag::Care,
        "vaccine, surgery, procedure, procedures, evaluated, examined, being evaluated, being examined, shot, shots, \
         flu shot, vaccines, booster, biopsy, operation, colonoscopy, mammogram, anesthesia, screening",
    ),
    (
        Tag::Use,
        "share, sharing, shared, be shared, being shared, release, releasing, released, be released, disclose, \
         disclosing, disclosed, give out, giving out, given out, hand out, hand over, handing over, pass on, pass \
         along, sell, selling, sold, publish, publishing, published, post, posting, posted, recorded, be recorded, \
         being recorded, film, filming, filmed, be filmed, photograph, photographing, photographed, be photographed, \
         tape, taped, be taped, videotape, use, using, used, be used, being used, distribute, upload, look at, looking \
         at, snoop through, snooping in, go through, dig through, hand my, monitor, monitored, be monitored, being \
         monitored, track, tracked, be tracked, seeing, see my, reading, read my, looking through, going through, have \
         access to, having access to, getting into, get into, take pictures of, taking pictures of, take photos of, \
         taking photos of, taking my, put my, putting my, passing around, hand it over, handed over, listen in, \
         listening in, listen to, listening, write down, treat my, treating my, vaccinate, vaccinating, vaccinated, be \
         vaccinated, immunize, immunizing, examine, examining, inject, watching, watch, observe, observing, sit in, \
         sitting in, listen to my, put me on, talk about my, discuss my, discussing my, recording, record",
    ),
    (
        Tag::Topic,
        "telehealth, telemedicine, photo, photos, pic, pics, picture, pictures, image, images, video, videos, \
         recordings, video visit, video visits, televisit, televisits, telehealth visits, telehealth visit, virtual \
         visit, virtual visits, phone visits, evisit, evisits, trial, clinical trial, ai, ai notes, scribe, ai scribe, \
         students, student, research study, voice, likeness, photography, studies, remote monitoring, data sharing, \
         video chat, video chats, video call, video calls, zoom, zoom calls, facetime, this study, the study, trials, \
         experiments, experiment, med students, medical students, interns, ai tools, artificial intelligence, video \
         recording, audio recording, photographs, testimonial, testimonials, pictures of me, photos of me, robots, \
         robot, bots, bot, strangers, observers, residents, trainees, teaching purposes, genetic testing, dna, genetic \
         test, facebook, study, research, a study, research project, research program, clinical research",
    ),
    (
        Tag::Enough,
        "done with, sick of, tired of, fed up with, had enough of, sick and tired of, through with, finished with, \
         annoyed by, annoyed with, so over, over all, cut, cut off, cutting off, kill, disable, deactivate, silence, \
         mute, switch off, turn, shut, suspend, put an end to, put a stop to, bring an end to",
    ),
    (
        Tag::YouCan,
        "you can, you may, you guys can, you all can, you all may, they can, it is ok to, it is okay to, it is fine \
         to, feel free to, ok to, okay to, fine to, it is okay for you to",
    ),
    (Tag::For, "for, on behalf of, behalf of, behalf"),
];
