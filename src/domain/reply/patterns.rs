//! Patterns over tags: regular expressions in which `{name}` is a tag and `<name>` a fragment from the table below.
//!
//! A reply is at most a few hundred tags long and the expressions have no back-references, so that a match takes
//! time in proportion to the reply.

use regex::bytes::{RegexSet, RegexSetBuilder};

use super::tags::Tag;

/// Compiles patterns into one set that is matched in a single pass.
pub(super) fn compile(patterns: impl IntoIterator<Item = &'static str>) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(patterns.into_iter().map(expand))
        .unicode(false)
        .dot_matches_new_line(true)
        .ignore_whitespace(true)
        .size_limit(64 << 20)
        .dfa_size_limit(16 << 20)
        .build()
}

/// Puts the fragments and the tags' bytes in. A fragment may name those above it.
fn expand(pattern: &'static str) -> String {
    let mut source = pattern.to_owned();
    for (name, fragment) in FRAGMENTS.iter().rev() {
        source = source.replace(&format!("<{name}>"), &format!("(?:{fragment})"));
    }
    for tag in Tag::ALL {
        source = source.replace(&format!("{{{}}}", tag.name()), &format!(r"\x{:02X}", tag.byte()));
    }
    source
}

/// Parts of patterns, in the order in which they build on each other.
const FRAGMENTS: &[(&str, &str)] = &[
    // What says nothing, around and between what does.
    ("junk", "[{pause}{dot}{quote}{polite}{emoji}]"),
    ("fill", "[{pause}{dot}{quote}{polite}{greeting}{emoji}{filler}{thanksfor}{sorry}{laugh}]"),
    (
        "date",
        "(?: {birth}[{pause}{to}{of}]* )?
         (?: {date} | {birth}[{pause}{to}{of}]*{number} | {month}{number}{pause}?{number}?
           | {number}{of}?{month}{of}?{number} )",
    ),
    (
        "name",
        "(?: {signoff}<junk>*[{name}{proper}] | {name} | {letter}{dot}?[{name}{proper}] )
         (?: {dot}?[{name}{proper}{letter}{the}{dot}] ){0,3}",
    ),
    ("intro", "{thisis}<name>[{pause}{dot}{and}]*"),
    // "I am her mother and": a parent answers for a child, and says for whom.
    ("as_parent", "{i}{aux}[{their}{the}]+{parent}(?: {of}[{my}{the}{their}{child}]+ )?[{pause}{dot}{and}]*"),
    ("device", "{sentfrom}[{device}{number}{pause}{of}{and}{letter}]*"),
    ("head", "^ (?:{number}{dot})? (?:<fill>|{and})* (?: (?:<intro>|<name>[{pause}{dot}]+) <fill>* )?"),
    (
        "tail",
        "(?:<junk>|{thanksfor})* (?:{signoff}<junk>*)?
         (?:<name><junk>*)? (?:<date><junk>*)? (?:<name><junk>*)? (?:<device>)? $",
    ),
    // Consent.
    // What is agreed to. After a noun it needs "to" or "for": "consent form" and "consent policy" are things.
    (
        "scope",
        "(?: {and}? (?:
             [{to}{of}{my}{the}{you}{get}{have}{adv}]*
                 [{it}{obj}{program}{form}{mynumber}{me}{texts}{adv}{child}{join}{pay}{care}]
           | [{to}{of}][{you}{get}]*{text} ) )*",
    ),
    ("scope_of_noun", "[{it}{me}{adv}]* (?: [{to}{of}]<scope> )?"),
    ("it_is", "{it}{is} | {thisis}"),
    (
        "consents",
        "(?: {i}(?:{pause}<name>{pause})?[{adv}{yes}{aux}{do}]* | [{adv}{yes}{aux}]* )
           (?: {agree}<scope> | (?: {consent} | {you}?{give}{you}?[{my}{the}{adv}]*[{consent}{perm}] )<scope_of_noun> )
         | {my}?[{consent}{perm}]{is}?{given}
         | (?: {youhave} | {thisis} | <it_is> ){adv}*{my}{adv}*[{consent}{perm}]<scope_of_noun>",
    ),
    (
        "has_read",
        "{i}?{have}?{adv}*[{read}{understand}] (?: {and}{i}?{have}?[{read}{understand}] )*
         (?: [{my}{the}{to}{of}]*[{it}{obj}{program}{you}{perm}{form}{text}{texts}] )*
         (?: [{and}{pause}{dot}{polite}{filler}{thanksfor}] | $ )",
    ),
    ("joining", "{join}(?: [{to}{of}]?[{the}{my}{it}]*[{it}{program}] )?"),
    (
        "firm",
        "{yes} | {up} | {agreed} | {polite}{do}{adv}? | {i}[{adv}{yes}]*{do}
         | [{i}{my}]?{aux}?{sayyes}(?:{of}{me})? | [{my}{the}]?{say}{pause}?{yes}
         | (?: {i}{aux}+ | {i}?{want}{to}? )<joining> | {i}?{want}[{the}{it}]+{program}
         | {yes}{to}[{the}{to}{obj}{program}]*[{it}{obj}{program}{consent}{adv}]
         | (?: {i}[{aux}{adv}]* | <it_is>{adv}* )?{okwith}",
    ),
    // These would mean little alone.
    (
        "after_yes",
        "<it_is>{adv}*[{ok}{fine}{correct}](?:{of}{me})? | [{fine}{correct}] | {noproblem}
         | {i}{do} | {i}?{want}(?: {to} | [{the}{to}]*[{it}{program}] )
         | (?: {i}{aux} | {i}?{want}{to}? )?<joining>
         | {youhave}[{my}{the}{adv}]*[{consent}{perm}]",
    ),
    ("asks_itself", "(?:{doi}|{i})?[{consent}{agree}][{it}{to}{of}]*{question}{dot}?"),
    ("between", "(?: <junk> | {filler} | {thanksfor} | {and}[{polite}{thanksfor}] )*"),
    // Refusal. It may stand inside a longer reply, but not after a condition, a question or somebody else's name for
    // it; what comes after it may be anything but a consent.
    (
        "opening",
        "[{pause}{dot}{quote}{polite}{greeting}{filler}{laugh}{sorry}{thanksfor}{yes}{ok}{no}{nothanks}{and}{but}
          {because}{name}{mind}{adv}{down}{noproblem}{emoji}{number}{question}{now}]",
    ),
    (
        "before",
        "^ (?: [^{consent}{agree}{perm}{echo}]*[{dot}{question}] )?
         (?: [^{consent}{agree}{perm}{if}{ask}{question}{third}{hedge}{echo}]*(?: {i} | <opening> ) )?",
    ),
    // An order: nobody says it of himself.
    (
        "order",
        "^ (?: [^{consent}{agree}{perm}{echo}]*[{dot}{question}] )?
         (?: [^{consent}{agree}{perm}{if}{ask}{question}{third}{hedge}{echo}]*<opening> )?",
    ),
    // The same, but with nothing unknown before it: for refusals in everyday words.
    (
        "plainly",
        "^ (?:{number}{dot})? <asks_itself>?
         (?: <fill> | [{ok}{no}{nothanks}{and}{because}{mind}{down}{adv}{now}]
           | {sorry}{but}
           | {i}[{have}{aux}]*[{read}{understand}{mind}][{it}{the}{to}{of}]* )* {i}?",
    ),
    ("lead", "[{do}{aux}{auxo}{is}{have}{want}{adv}{to}{of}{now}]*"),
    ("chain", "[{do}{aux}{auxo}{is}{want}{adv}{to}{of}{you}{me}{get}{now}]*"),
    ("negated", "[{not}{never}{no}]<chain> (?:{give}[{you}{me}]*)? [{my}{the}{adv}{it}{none}]*"),
    (
        "rest",
        "[^{consent}{agree}{perm}{yes}{if}{while}{but}{question}{echo}]*
         (?: {dot}[^{consent}{agree}{perm}{yes}{but}{echo}]* )? $",
    ),
    (
        "end",
        "(?: $ | {dot} (?: [^{consent}{agree}{perm}{yes}{if}{but}{question}{echo}]
                           [^{consent}{agree}{perm}{yes}{but}{question}{echo}]* )? $
           | [{pause}{dot}{quote}{polite}{sorry}{thanksfor}{laugh}{because}{emoji}{down}{doubt}{filler}{again}{name}
              {sentfrom}{and}{now}]<rest> )",
    ),
    // What comes after it asks for no other way of contact ("don't text, call").
    (
        "end_of_texting",
        "(?: $ | [{pause}{dot}{quote}{polite}{sorry}{thanksfor}{laugh}{because}{emoji}{down}{doubt}{filler}{again}
          {name}{sentfrom}{and}{now}]
          (?: [{not}{never}{or}{no}{stop}{leaveme}][{me}{do}{send}]*{text}
            | [^{consent}{agree}{perm}{yes}{if}{while}{question}{echo}{text}{send}{later}] )* $ )",
    ),
    ("no_words", "[{no}{nothanks}{never}{down}]"),
    ("silence", "[^{question}{yes}{consent}{agree}{but}{if}{echo}]* $"),
    // Opt-out.
    ("sentence", "^ (?: [^{consent}{agree}{echo}]*[{dot}{question}] )?"),
    ("no_condition", "<sentence> {polite}* [^{consent}{agree}{if}{ask}{question}{third}{hedge}{echo}]*"),
    (
        "stop_object",
        "{text}(?: [{me}{again}{mynumber}{texts}{it}{dot}{pause}{polite}{emoji}{doubt}{and}{adv}] | $ )
         | [{send}{get}][{me}{my}{the}{more}{it}{to}{of}]*(?: [{texts}{text}{dot}] | $ ) | {texts} | {more}{text}",
    ),
    (
        "removal",
        "{remove}(?: {me} | [{my}{the}]?{mynumber} )
         | {take}(?: {me} | [{my}{the}]?{mynumber} )(?: {off} | [{to}{of}][{my}{the}{it}{more}]*{list} )",
    ),
    (
        "list_words",
        "[{off}{to}{of}{my}{the}{it}{more}{list}{texts}{text}{obj}{program}{me}{again}{adv}{number}{mynumber}]*",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_a_fragment_is_known() {
        for (name, fragment) in FRAGMENTS {
            let source = expand(fragment);
            assert!(!source.contains(['<', '>']), "{name}: {source}");
            assert!(regex::bytes::Regex::new(&format!("(?x-u){source}")).is_ok(), "{name}: {source}");
        }
    }
}
