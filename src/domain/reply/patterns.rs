//! Patterns over tags: regular expressions in which `{name}` is a tag or a group of tags, and `<name>` a fragment from
//! the table below.
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
    for (name, tags) in GROUPS {
        source = source.replace(&format!("{{{name}}}"), &format!("[{tags}]"));
    }
    for tag in Tag::ALL {
        source = source.replace(&format!("{{{}}}", tag.name()), &format!(r"\x{:02X}", tag.byte()));
    }
    source
}

/// Names for several tags, inside and outside a class.
const GROUPS: &[(&str, &str)] = &[("of", "{with}{for}")];

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
    ("intro", "{thisis}(?: <name> | {proper}[{proper}{name}]? )[{pause}{dot}{and}]*"),
    // "For my son Mateo", "I am her mother and": a parent answers for a child, and says for whom.
    ("of_child", "{for}[{my}{the}{their}{adv}{of}]*{child}(?: {pause}?[{name}{proper}]{1,3} )?"),
    ("parent", "{parent}(?: <of_child> | {of}[{name}{proper}]{1,3} )?"),
    ("as_parent", "(?: {i}{aux} | {of} | {thisis} )[{their}{the}{proper}{name}]+<parent>[{pause}{dot}{and}{yes}]*"),
    ("device", "{sentfrom}[{device}{number}{pause}{of}{and}{letter}]*"),
    ("head", "^ (?:{number}{dot})? (?:<fill>|{and})* (?: (?:<intro>|<name>[{pause}{dot}]+) <fill>* )?"),
    (
        "tail",
        "(?:<junk>|{thanksfor})* (?:{signoff}<junk>*)?
         (?:<name><junk>*)? (?:[{their}{the}]?{parent}(?: <of_child> | {of}[{name}{proper}]{1,3} )<junk>*)?
         (?:<date><junk>*)? (?:<name><junk>*)? (?:<device>)? $",
    ),
    // Consent.
    // What is agreed to. After a noun it needs "to" or "for": "consent form" and "consent policy" are things.
    (
        "scope",
        "(?: {and}? (?:
             [{to}{of}{my}{the}{their}{you}{get}{have}{adv}]*
                 (?: [{it}{obj}{topic}{program}{form}{mynumber}{me}{texts}{adv}{join}{pay}{care}{use}]
                   | {child}[{name}{proper}]{0,3} )
           | [{to}{of}][{you}{get}]*{text} ) )*",
    ),
    (
        "scope_of_noun",
        "[{it}{me}{adv}]*
         (?: [{to}{of}]+(?: {text}{me}? | [{name}{proper}]{1,3}{to}[{obj}{topic}{use}] )?<scope> )?",
    ),
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
         (?: [{my}{the}{to}{of}]*[{it}{obj}{topic}{program}{pay}{you}{perm}{form}{text}{texts}] )*
         (?: [{and}{pause}{dot}{polite}{filler}{thanksfor}] | $ )",
    ),
    ("joining", "{join}(?: [{to}{of}]?[{the}{my}{it}]*[{it}{program}] )?"),
    (
        "firm",
        "{yes} | {up} | {agreed} | {polite}{do}{adv}? | {i}[{adv}{yes}]*{do}
         | [{i}{my}]?[{aux}{adv}]?{sayyes}(?:{of}{me}|{to}{the}*[{it}{program}])?
         | (?: [{my}{the}{to}]*{say} )+{pause}?{yes}(?:{of}{me})?
         | (?: {i}?{aux}+ | {i}?{want}{to}? )<joining> | {i}?{want}[{the}{it}]+{program}
         | {yes}{to}[{the}{to}{obj}{topic}{program}]*[{it}{obj}{topic}{program}{texts}{consent}{adv}]
         | (?: {i}[{aux}{adv}]* | <it_is>{adv}* )?{okwith}(?:[{the}{my}]*[{program}{topic}{it}])?",
    ),
    // What is the patient's own, and a clinic may do something with or not.
    (
        "used",
        "[{my}{the}{it}{of}{more}{adv}]*(?: {my}[{mynumber}{texts}{form}] | [{obj}{topic}{mynumber}{me}{form}] )+
         {of}?[{it}{me}{obj}{topic}{form}]*",
    ),
    // These would mean little alone.
    (
        "after_yes",
        "<it_is>{adv}*[{ok}{fine}{correct}](?:{of}{me})? | [{fine}{correct}] | (?:{i}{have})?{noproblem}
         | {i}{do} | {i}?{want}(?: {to} | [{the}{to}]*[{it}{program}] )
         | (?: {i}{aux} | {i}?{want}{to}? )?<joining>
         | {youhave}[{my}{the}{adv}]*[{consent}{perm}] | <of_child>
         | {youcan}(?: [{obj}{topic}][{my}{the}{their}]*{child} | {use}(?: <used> | {my}?{child} ) | <joining> )?",
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
           | [{sorry}{polite}{thanksfor}]{pause}?{but}
           | {i}[{have}{aux}]*[{read}{understand}{mind}][{it}{the}{to}{of}]* )* {i}?",
    ),
    ("lead", "[{do}{aux}{auxo}{is}{have}{want}{adv}{to}{of}{now}]*"),
    ("chain", "[{do}{aux}{auxo}{is}{want}{adv}{to}{of}{you}{me}{get}{now}]*"),
    ("negated", "[{not}{never}{no}]<chain> (?:{give}[{you}{me}{third}]*)? [{my}{the}{adv}{it}{none}{no}]*"),
    (
        "rest",
        "[^{consent}{agree}{perm}{yes}{if}{while}{but}{question}{echo}]*
         (?: {dot}[^{consent}{agree}{perm}{yes}{but}{echo}]* )? $",
    ),
    (
        "end",
        "(?: $ | {dot} (?: [^{consent}{agree}{perm}{yes}{if}{but}{question}{echo}]
                           [^{consent}{agree}{perm}{yes}{but}{question}{echo}]* )? $
           | (?: [{pause}{dot}{quote}{polite}{sorry}{thanksfor}{laugh}{because}{emoji}{down}{doubt}{filler}{again}{name}
                  {sentfrom}{and}{now}{leaveme}] | {but}{pause}?[{polite}{thanksfor}] )<rest> )",
    ),
    // What comes after it asks for no other way of contact ("don't text, call").
    (
        "end_of_texting",
        "(?: $ | [{pause}{dot}{quote}{polite}{sorry}{thanksfor}{laugh}{because}{emoji}{down}{doubt}{filler}{again}
          {name}{sentfrom}{and}{now}]
          (?: [{not}{never}{or}{no}{stop}{leaveme}][{me}{do}{send}]*{text}
            | [^{consent}{agree}{perm}{yes}{if}{while}{question}{echo}{text}{send}{later}] )* $ )",
    ),
    // A person named after it limits the refusal.
    (
        "shared",
        "{adv}*
         (?: [{to}{of}]
             [^{third}{family}{parent}{child}{consent}{agree}{perm}{yes}{if}{while}{but}{question}{echo}{visit}]* )?
         <end>",
    ),
    // What a refusal may name: all of it is known, so that nobody's "I don't want to be late" is one.
    (
        "thing",
        "[{to}{of}{the}{my}{it}{do}{is}{have}{auxo}{get}{use}{adv}{now}{more}{again}{none}{join}{program}{pay}{topic}
          {form}{you}{me}]",
    ),
    ("no_words", "[{no}{nothanks}{never}{down}]"),
    ("not_undone", "[^{question}{yes}{consent}{agree}{but}{if}{echo}{hedge}{later}{ask}]"),
    ("silence", "<not_undone>* $"),
    // Whatever is said before a last word, as long as it is no question and nobody else's word.
    ("unasked", "^ [^{if}{ask}{doi}{question}{third}{hedge}{echo}]*"),
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
        "{remove}(?: {me} | [{my}{the}]?{mynumber} | {my}[{obj}{topic}] )
         | {take}{off}[{my}{the}]*{mynumber}
         | [{take}{get}](?: {me} | [{my}{the}]?[{mynumber}{obj}{topic}] )
           (?: {off} | [{to}{of}][{my}{the}{it}{more}]*{list} )",
    ),
    (
        "list_words",
        "[{off}{to}{of}{my}{the}{it}{more}{list}{texts}{text}{obj}{topic}{program}{me}{again}{adv}{number}{mynumber}]*",
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
