//! The table of rules. Their order matters: what is no answer, then refusals, then consents, then the reasons why a
//! person has to read the rest.

use super::rules::Rule;
use super::verdict::Decision;

const fn unclear(
    name: &'static str,
    reason: &'static str,
    pattern: &'static str,
    examples: &'static [&'static str],
) -> Rule {
    Rule { name, decision: Decision::Unclear, explicit: false, opt_out: false, reason, examples, pattern }
}

const fn opt_out(
    name: &'static str,
    reason: &'static str,
    pattern: &'static str,
    examples: &'static [&'static str],
) -> Rule {
    Rule { name, decision: Decision::Decline, explicit: true, opt_out: true, reason, examples, pattern }
}

const fn decline(
    name: &'static str,
    explicit: bool,
    reason: &'static str,
    pattern: &'static str,
    examples: &'static [&'static str],
) -> Rule {
    Rule { name, decision: Decision::Decline, explicit, opt_out: false, reason, examples, pattern }
}

const fn consent(
    name: &'static str,
    explicit: bool,
    reason: &'static str,
    pattern: &'static str,
    examples: &'static [&'static str],
) -> Rule {
    Rule { name, decision: Decision::Consent, explicit, opt_out: false, reason, examples, pattern }
}

/// A reply that the clinic itself counts as a yes.
pub(super) static CLINIC_CONSENT: Rule =
    consent("clinic-consent", false, "The reply is one that this clinic counts as a yes.", "", &[]);

/// A reply that the clinic itself counts as a no.
pub(super) static CLINIC_DECLINE: Rule =
    decline("clinic-decline", false, "The reply is one that this clinic counts as a no.", "", &[]);

pub(super) static TOO_LONG: Rule = unclear("too-long", "The reply is too long to be read by the program.", "", &[]);

pub(super) static NOT_UNDERSTOOD: Rule = unclear(
    "not-understood",
    "The reply is neither a plain yes nor a plain no.",
    "",
    &["The nurse was very nice", "P", "Yes, Aspirin"],
);

/// The rules that are tried on a reply's tags, in this order.
pub(super) static RULES: &[Rule] = &[
    unclear(
        "empty",
        "The reply has no words.",
        r"^[{pause}{dot}{quote}{question}{slash}{emoji}]*$",
        &["", "...", "😊"],
    ),
    unclear(
        "reaction",
        "The phone reports a tapped reaction, which may mean anything.",
        r"^[{up}{down}{emoji}{doubt}{quote}]*(?:{react}|[{to}{of}]{quote})",
        &["Liked “Reply YES to consent”", "Loved an image", "👍 to “Do you consent?”", "Le gustó “¿Acepta?”"],
    ),
    unclear(
        "automatic",
        "A phone or mailbox answered by itself.",
        r"{auto}",
        &["I'm driving with Do Not Disturb turned on", "AutoReply: I am out of office"],
    ),
    unclear(
        "request-quoted",
        "The reply repeats words of the request.",
        r"{echo}|{link}",
        &["Reply YES to consent", "Do you consent to telehealth visits?"],
    ),
    opt_out(
        "stop-word",
        "The patient wants no more texts; the carrier has probably blocked them, so call instead.",
        r"<head>(?:<junk>|[{yes}{ok}{no}]|{i}?{have}?{mind})* (?: [{stop}{quit}{cancel}{unsub}{remove}]
            (?:<fill>|[{again}{adv}{texts}{me}{off}{past}{down}{doubt}]|{and}{polite})* )+
            (?:[{to}{of}][{stop}{quit}{unsub}{cancel}])? <tail>
        | ^<fill>*[{stop}{unsub}](?:<fill>|[{again}{now}])*$
        | <plainly>{past}+{you}?[{to}{of}]?{stop}<end>
        | ^<fill>*{canyou}{polite}*[{stop}{unsub}](?:<fill>|[{again}{now}{question}])*$
        | ^[^{consent}{agree}{echo}{if}{hedge}]*[{dot}{question}{pause}]{polite}*
            [{stop}{unsub}](?:<junk>|[{again}{now}])*$
        | ^<fill>*[{stop}{unsub}]{dot}[^{yes}{consent}{agree}{echo}{question}{if}{but}]*$",
        &[
            "STOP",
            "Stop all",
            "unsubscribe",
            "CANCEL",
            "End",
            "quit",
            "REVOKE",
            "opt out",
            "Stop please",
            "ok stop",
            "Alto",
            "PARAR",
            "STOP to unsubscribe",
            "Bórrenme",
        ],
    ),
    opt_out(
        "stop-texting",
        "The patient asks for no more texts.",
        r"(?:<sentence>|<no_condition>{you}[{auxo}{to}{do}{adv}{have}{want}]*|<no_condition>
            [^{not}{never}{nothanks}{i}{child}{family}{parent}{third}{their}{auxo}{ask}{if}{hedge}{consent}{agree}
              {echo}])
            [{stop}{quit}{enough}][{adv}{my}{the}{you}{more}{it}{of}{get}]*<stop_object><rest>
        | <sentence><fill>*{canyou}{polite}*[{stop}{quit}][{adv}{my}{the}{more}{it}]*<stop_object>
            [{me}{texts}{again}{polite}{now}{mynumber}]*{question}<rest>
        | ^[^{not}{never}{if}{ask}{question}{third}{hedge}{consent}{agree}{echo}]*{texts}[{auxo}{to}]*{stop}<end>
        | <before>[{want}{to}{of}]*{stop}{it}<end>
        | <before>[{want}{auxo}{to}]*{you}[{auxo}{to}{have}]*{to}{stop}<end>
        | ^[^{not}{never}{if}{ask}{question}{third}{hedge}{consent}{agree}{yes}{echo}{visit}]*{polite}{stop}<junk>*$",
        &[
            "please stop texting me",
            "Stop sending me messages",
            "I already told you to stop contacting me",
            "Dejen de mandarme mensajes",
        ],
    ),
    opt_out(
        "do-not-text",
        "The patient asks for no more texts.",
        r"(?:
            (?:<order>|<no_condition>{past}[{you}{to}{of}]*){do}?(?:
                [{not}{never}][{me}{to}{of}{you}{adv}{now}]*(?:
                    {text}(?:[{or}{and}]{text})*|{send}[{me}{my}{the}{more}{it}{again}{of}]*{texts})
                    [{me}{mynumber}{texts}{again}{adv}{more}{it}{leaveme}]*
                    (?:[{to}{of}][{me}{mynumber}{text}{it}])?
                | [{not}{never}{no}]{me}?{send}{me}?[{it}{again}{more}{texts}{none}]+(?:{of}{it})?
                | {polite}{no}{text}{texts}?
                | {no}{me}(?:{text}|{send}[{my}{the}{more}{it}]*)[{texts}{again}{more}{my}{the}{it}]*
            )
            | <before>[{do}{auxo}]?(?:
                {leaveme}[{to}{of}{it}{my}{the}{more}{texts}{text}{again}{me}]*
                | {not}{adv}*[{want}{aux}{auxo}{to}]
                    [{want}{to}{of}{get}{auxo}{my}{the}{more}{it}{you}{aux}{again}{adv}]*
                    (?: {texts}(?:[{to}{of}]{you})? | [{third}{word}]?{text}[{me}{mynumber}]
                      | {you}[{to}{auxo}{aux}]*{text} | {me}{text} )
                    [{again}{to}{of}{me}{adv}]*
                | [{not}{never}{no}]{adv}*{agree}[{to}{of}{you}{me}{get}]*(?:{text}{me}?|{texts})
                | {not}{adv}*(?:{want}|{aux})[{want}{to}{adv}]*{get}
                    (?:{it}|{of}[{my}{you}{it}{mynumber}{list}]+)[{again}{adv}{now}]*
                | (?:{nothanks}|{no}{want}|{no}{more})[{to}{of}{get}{more}{it}{my}{the}{auxo}{me}{you}{send}]*
                    (?:{texts}|{me}{send}{none}|(?:{get}|{me}|{more}){text})[{again}{to}{of}{more}]*
            )
        )<end_of_texting>
        | <head>(?:{i}{want})?{no}(?: [{more}{the}]*{texts} | {more}+{text} )[{again}{of}{me}{adv}]*<tail>",
        &[
            "do not text me",
            "Don't contact me again",
            "please do not send me any more texts",
            "No me escriban",
            "No more messages",
            "I don't want these texts",
            "Leave me alone",
            "Ya no quiero recibir mensajes",
        ],
    ),
    opt_out(
        "take-off-list",
        "The patient asks to be taken off the list.",
        r"<before>(?: {canyou}<junk>*(?:<removal>|{unsub}{me})<list_words>(?:{question}|<end>)
            | [{do}{aux}{auxo}{have}{want}{adv}{to}{of}{you}{past}]*
                (?: <removal> | {unsub} | {canyou}{polite}?{unsub} | {off}[{my}{the}{it}{more}]*{list} )
                <list_words><end>
            | (?:<removal>|{unsub}|{off})
                [^{if}{but}{question}{consent}{agree}{yes}{echo}{third}{family}{visit}{care}{later}{number}{keep}]*
                [{list}{texts}{it}{topic}{program}]{thisis}?<end>
            | [{aux}{auxo}{want}{to}]*{my}?{mynumber}[{auxo}{aux}{to}]*(?:{withdrawn}|{off})<list_words><end>
            | {cancel}[{my}{the}{it}{more}]*{texts}<list_words><end> )",
        &[
            "Remove me from your list",
            "Take my number off your list",
            "unsubscribe me from your list",
            "I want to opt out",
            "can you take me off this list?",
            "Cancel my subscription",
            "Bórrenme de la lista",
        ],
    ),
    decline(
        "withdraws",
        true,
        "The patient withdraws a consent.",
        r"<before><lead>[{withdraw}{cancel}{remove}{stop}{quit}]{you}?[{my}{the}{it}{obj}{topic}{adv}{more}]*(?:
            [{consent}{perm}][{to}{of}]?{it}?<rest>|[{yes}{form}]<end>)
        | <before>{canyou}{polite}*[{withdraw}{cancel}{remove}]{my}{adv}*[{consent}{perm}]{polite}*(?:{question}|<end>)
        | <before>{i}?<lead>{withdraw}[{it}{me}]?<end>
        | <before><lead>[{withdraw}{cancel}{remove}{stop}{quit}{take}{enough}]{me}?
            (?: [{to}{of}{off}{my}{the}{it}{more}{adv}]*[{program}{join}{topic}] )+[{of}{the}{it}{obj}]*<end>
        | <before><lead>{leave}[{me}{to}{of}{my}{the}{it}{program}]*<end>
        | <before>{ignore}{my}[{more}{if}]*[{yes}{ok}{consent}]<end>
        | ^[^{if}{ask}{question}{third}{hedge}{not}{echo}]*[{consent}{perm}][{have}{auxo}{is}{adv}]*
            (?: {not}[{auxo}{adv}{is}]*[{given}{agreed}] | {withdrawn} | {declined} | {pause}{no} ) <rest>",
        &[
            "I withdraw my consent",
            "I revoke my permission",
            "My consent has been withdrawn",
            "Retiro mi consentimiento",
            "Please disenroll me",
            "Cancel my enrollment",
        ],
    ),
    decline(
        "refuses",
        true,
        "The patient refuses in so many words.",
        r"<before><lead><negated>(?: [{consent}{perm}]<rest>
            | [{agree}{okwith}{join}{sayyes}]<scope>[{to}{of}{the}]*{none}?<end>)
        | <before>{you}[{do}{auxo}{aux}{hedge}]*[{not}{never}][{have}{get}{auxo}]*[{my}{the}{adv}]*
            [{consent}{perm}{sayyes}]<rest>
        | <before>(?:{it}?[{is}{aux}]?|{thisis}){not}{adv}*[{sayyes}{okwith}{ok}]<end>
        | <before>(?:{you}[{is}{aux}]*)?{not}{agreed}(?:[{to}{of}]<thing>*[{text}{me}{mynumber}]*)?<end>
        | <before>{i}?{do}{not}{hedge}{i}[{do}{aux}{auxo}{want}]*
            (?: [{consent}{agree}]<scope> | <thing>*[{join}{program}]<thing>* )<end>
        | <before>{never}(?:[{do}{aux}{auxo}]+{i}|{ask}|{doi})[{adv}{auxo}]*[{consent}{agree}]<scope><end>
        | <before>{nothanks}(?:[{aux}{auxo}{do}]*{i}|{doi}|{ask})[{aux}{auxo}{do}]*[{consent}{agree}{join}]<scope><end>
        | <before>[{have}{aux}{adv}]*{nothanks}[{give}{join}{to}{of}{my}{the}{auxo}]*[{consent}{agree}{perm}{join}]
            <scope><end>
        | <before>[{do}{aux}{auxo}{is}{have}{want}{adv}{to}{of}]*{refuse}(?:[{to}{of}]{sayyes}|[{to}{of}]<chain>
            {give}?[{my}{the}{adv}]*[{consent}{agree}{perm}{join}]
            | [{to}{of}{it}{my}{the}{obj}{topic}{program}{join}{use}{pay}{adv}{you}{me}])*
            [{consent}{perm}]?<of_child>?<end>
        | ^{declined}<tail>
        | <before>{i}?[{adv}{do}{aux}{auxo}]*[{agree}{consent}][{to}{of}]{none}<end>
        | <before>{never}[{i}{or}{my}{the}{family}{parent}{child}{aux}{auxo}{do}]+[{consent}{agree}{want}]<scope><end>
        | ^<fill>*[{none}{third}][{of}{to}{it}{obj}{topic}{program}]*{have}{my}[{consent}{perm}]<end>
        | ^[^{if}{question}{echo}]*[{pause}{dot}{and}{adv}{but}]{i}[{aux}{auxo}{adv}{do}{to}{have}{now}]*{refuse}
            [{to}{it}{the}{program}]*<fill>*$",
        &[
            "I do not consent",
            "I don't agree",
            "No consent",
            "I decline",
            "I refuse to consent",
            "We decided not to accept",
            "You do not have my permission",
            "No estoy de acuerdo",
            "no autorizo",
            "I choose not to consent",
        ],
    ),
    decline(
        "forbids",
        true,
        "The patient forbids the use of what is the patient's own.",
        r"<order>{do}?[{not}{never}{no}][{you}{adv}{auxo}{aux}{now}{again}{topic}]*
            (?: [{use}{give}{send}{take}]<used> | {use}(?: {topic} | {my}[{visit}{child}] ) )<shared>
        | ^ (?: [^{but}{consent}{agree}{perm}{if}{ask}{question}{third}{hedge}{echo}]*[{dot}{pause}{and}{polite}] )?
            <fill>*{do}?{not}{use}{it}<end>
        | <before>(?: {youcan}{not} | {you}{aux}{not} | {never} )[{auxo}{adv}]*
            (?: [{use}{give}{send}]<used> | {use} )<shared>
        | <plainly>(?:{no}|<lead>(?:{not}|{no}){want})[{my}{the}{more}{of}]*{topic}<thing>*<shared>
        | <before><lead>(?:
                (?:[{not}{never}{no}]{adv}*[{want}{aux}{okwith}{auxo}]|{nothanks})[{to}{you}{third}{adv}{aux}{of}]*
                    [{use}{give}]<used>
              | (?:[{not}{never}{no}]{adv}*{want}|{nothanks})[{to}{you}{get}{have}{auxo}]*
                    <used>[{auxo}{to}{have}{get}]*{use}
              | (?:[{not}{never}{no}]{adv}*[{want}{aux}{okwith}]|{nothanks})[{to}{auxo}{aux}]*{use}{me}?
            )<shared>
        | <before>[{want}{to}{you}{auxo}]*[{stop}{quit}]{use}<used><shared>",
        &["Please don't share my records", "You can't use my photos", "I don't want my information shared"],
    ),
    decline(
        "no",
        false,
        "The patient says no.",
        r"<head>(?:[{ok}{mind}{adv}]<fill>*)* <asks_itself>?
            (?: (?: (?: {i}{aux}[{fine}{correct}] | {i}?{aux}?{reason} )<fill>*[{but}{adv}{and}]?<fill>* )?
                {i}?[{aux}{auxo}{adv}{have}{now}{to}]*(?: <no_words> | {nothanks}{now} )(?:{of}{me}|<of_child>)?
                (?: <fill> | [{adv}{and}{reason}{doubt}{because}{me}{leaveme}] | {i}{aux}[{fine}{correct}]
                  | {but}{pause}?[{polite}{thanksfor}] )* )+ <tail>
        | <head>(?:[{no}{nothanks}][{pause}{polite}{greeting}]*)+{because}[^{question}{yes}{consent}{agree}{if}{echo}]*$
        | <plainly>(?:[{no}{nothanks}]<fill>*)+<not_undone>*{reason}<silence>
        | <head><no_words>{to}<thing>+<tail>
        | <head><asks_itself>?(?:{no}<fill>*)*{i}[{adv}{yes}{do}{auxo}]*{not}{to}?(?:{want}{to}?{it}?)?<tail>
        | <plainly><lead>(?:
                [{not}{no}{never}]{adv}*{want}<thing>*
                | (?:[{not}{no}{never}]{adv}*[{aux}{auxo}{do}]|{nothanks})<thing>*
                    [{join}{program}{pay}{obj}{topic}][{of}{it}]*
                | {nothanks}[{to}{of}]*[{it}{form}] | {nothanks}{auxo}
            )<end>
        | ^<fill>*[{yes}{sayyes}]{is}{not}[^{yes}{consent}{agree}{question}{if}{echo}]*$
        | ^<fill>*{yes}{pause}?{nothanks}<end>
        | <plainly><lead>{not}{pay}[{to}{of}{it}]*<end>
        | <plainly>(?:[{no}{nothanks}]<fill>*)*{i}?[{have}{adv}{now}]*{reason}{program}<end>
        | <plainly>[{do}{aux}{auxo}{have}{want}{adv}{to}{you}]*
            (?: (?:[{my}{the}{to}]*{say}{is}?{pause}?)+ | [{it}{my}]?{is}[{auxo}{aux}{to}]*{the}? | {but} | {and} )
            [{adv}{the}{pause}]*[{no}{nothanks}{refuse}{declined}](?:{of}[{me}{it}{program}{topic}]+)?<end>
        | <unasked>[{dot}{pause}{but}{and}{adv}{because}{ok}{mind}][{my}{the}{now}]*
            (?:{say}{is}?[{the}{adv}{pause}]*)+[{no}{nothanks}]<end>
        | <plainly>(?:<it_is>|[{it}{program}]+[{is}{aux}{do}]*){adv}*{nothanks}<end>
        | <plainly>{past}+{you}?[{no}{nothanks}]<tail>
        | <plainly><lead>{want}{none}[{to}{do}{of}{it}{you}{the}{program}{my}]*<end>
        | <plainly>{nothanks}{pause}[^{question}{yes}{consent}{agree}{but}{if}{echo}{hedge}{ask}{visit}]*$
        | <plainly>[{have}{aux}{adv}{now}]*{nothanks}(?:{pause}|{dot}|{i}|{because}|{polite}|{again}|{reason})
            [^{question}{yes}{consent}{agree}{but}{if}{echo}{to}{of}]*$
        | {but}[{polite}{pause}{i}{aux}{auxo}{have}{to}{adv}]*{nothanks}<end>
        | ^[^{consent}{question}{echo}{if}]+[^{yes}{ok}{consent}]{but}[{polite}{pause}]*{no}<fill>*$
        | (?:<unasked>[{dot}{pause}{but}{and}]|^){i}?[{have}{aux}{auxo}{adv}{to}]*{nothanks}<fill>*$
        | ^[^{if}{ask}{doi}{question}{third}{family}{hedge}{echo}{not}{past}]*{say}[{the}{adv}]*[{no}{nothanks}]
            (?:{of}[{it}{me}{program}{topic}]+)?<fill>*$
        | ^[^{yes}{ok}{consent}{agree}{question}{echo}{if}{visit}]{2,}[{dot}{pause}]<no_words><fill>*$
        | <head>(?:{polite}{do}{not}|{do}{not}{polite})<tail>",
        &[
            "no",
            "No.",
            "nope",
            "No thank you",
            "never",
            "not interested",
            "No gracias",
            "👎",
            "I don't want this",
            "my answer is no",
            "Sorry, no",
        ],
    ),
    unclear("joke", "The patient may be joking.", r"{laugh}", &["haha yes", "lol ok"]),
    unclear(
        "noun",
        "The reply only names consent, without saying who does what.",
        r"^<fill>*{consent}<fill>*$",
        &["consent", "consentimiento"],
    ),
    consent(
        "consents",
        true,
        "The patient consents in so many words.",
        r"<head><as_parent>? (?: {and}?(?:<has_read>|<firm>|{ok}|<after_yes>|<consents>|<intro>|<as_parent>)<between> )*
            {and}?<consents><between>
            (?: {and}?(?:<has_read>|<firm>|{ok}|<after_yes>|<consents>)<between> )*
            (?: [{dot}{pause}]{proper}{2,3} | <intro> )? <tail>",
        &[
            "I consent",
            "Yes, I consent",
            "I agree",
            "You have my permission",
            "Doy mi consentimiento",
            "acepto",
            "Yes I consent - John Smith",
        ],
    ),
    consent(
        "yes",
        false,
        "The patient says yes.",
        r"<head> <asks_itself>? (?: {and}?(?: <has_read> | {i}?{understand} | {ok}<junk>*{noproblem}? )<between> )*
            {and}?<firm><between> (?: {and}?(?: <firm> | <after_yes> | {i}{understand}{it}? | {ok} )<between> )* <tail>
        | ^(?:{number}{dot})?<junk>*(?:{ok}<junk>*)+(?:{it}{is}{adv}*[{ok}{fine}]<junk>*)?$",
        &[
            "yes",
            "Yes please",
            "yep",
            "ok",
            "sure",
            "Sí",
            "claro que sí",
            "👍",
            "Yes, that's fine",
            "Yes - Maria Lopez 04/12/1985",
        ],
    ),
    unclear(
        "wrong-person",
        "The reply may come from somebody else.",
        r"{wrong}",
        &["Wrong number", "Número equivocado"],
    ),
    unclear("question", "The patient asks something.", r"{question}|^<fill>*[{ask}{doi}]", &["What is this?", "yes?"]),
    unclear(
        "mixed",
        "The reply says both yes and no.",
        r"[{yes}{ok}{agreed}{consent}{agree}{up}].*[{no}{not}{nothanks}{never}{down}{refuse}{stop}{mind}]
        | [{no}{not}{nothanks}{never}{down}{refuse}{stop}{mind}].*[{yes}{ok}{agreed}{consent}{agree}{up}]",
        &["yes no", "Yes 👎", "no, yes"],
    ),
    unclear(
        "condition",
        "The reply sets a condition or a limit.",
        r"[{if}{but}{while}]",
        &["yes if it is free", "Yes but call me first"],
    ),
    unclear(
        "doubt",
        "The patient is not sure.",
        r"[{hedge}{doubt}]",
        &["maybe", "I think so", "I'm not sure", "quizás"],
    ),
    unclear(
        "later",
        "The patient has not decided yet.",
        r"{later}|^<fill>*{text}{me}",
        &["Let me think about it", "Hold on", "mañana"],
    ),
    unclear(
        "somebody-else",
        "The reply speaks of somebody else.",
        r"[{third}{their}{child}{family}{parent}]",
        &["she said yes", "My son will attend"],
    ),
    unclear("past", "The reply speaks of what was said or done before.", r"{past}", &["I already signed it"]),
    unclear(
        "restart",
        "The patient wants to get texts again, which is no consent to anything else.",
        r"^<junk>*{start}",
        &["START", "UNSTOP"],
    ),
    unclear("help", "The patient asks for help.", r"^<junk>*{help}", &["HELP"]),
    unclear(
        "no-answer",
        "The words are polite, but no answer.",
        r"^(?:<fill>|{noproblem}|{adv}|{mind})*$",
        &["Thank you", "no problem"],
    ),
    unclear(
        "other-language",
        "The reply is in a language other than English and Spanish.",
        r"{foreign}",
        &["да", "oui"],
    ),
    unclear(
        "clinic-matter",
        "The reply is about something else at the clinic.",
        r"{visit}",
        &["Yes please refill my prescription"],
    ),
    unclear("number", "The reply is a number.", r"^(?:[{number}{date}]|<junk>)+$", &["12"]),
];
