//! Common answers in languages that we do not decide in: only to tell staff why the reply went to them.

use super::super::tags::Tag;
use super::List;

/// Common answers.
pub(super) const LISTS: &[List] = &[(
    Tag::Foreign,
    "oui, non, merci, ja, nee, nein danke, danke, sim, nao, obrigado, obrigada, aceito, concordo, evet, hayir, \
         tak, nie, dziekuje, da, nu, opo, oo, hindi, salamat, wi, mesi, dakor, vang, khong, cam on, hai, iie, kylla, \
         accetto, grazie, oui merci, non merci",
)];
