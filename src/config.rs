//! The settings: read once, all faults reported together, no value ever printed.
//!
//! Settings come through a lookup function, so that nothing below `main` reads the environment and tests need none.
//! Each command builds the groups that it needs and no others.

use std::fmt;

use base64::Engine;
use jiff::tz::TimeZone;
use reqwest::Url;

use crate::domain::confirmation::Confirmations;
use crate::domain::private::Private;
use crate::domain::reply::Lexicon;
use crate::domain::request::RequestPattern;
use crate::domain::signature::Secret;
use crate::storage::Account;

/// What the handler needs: everything.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `SPRUCE_WEBHOOK_SECRET` and, while rotating, `SPRUCE_WEBHOOK_SECRET_PREVIOUS`.
    pub secrets: Vec<Secret>,
    /// Where Spruce's API is, and the token for it.
    pub spruce: SpruceSettings,
    /// Where storage is.
    pub account: Account,
    /// `CLINIC_TIME_ZONE`
    pub zone: TimeZone,
    /// How replies are taken.
    pub replies: ReplySettings,
}

/// `SPRUCE_API_BASE_URL` and `SPRUCE_API_TOKEN`.
#[derive(Clone, Debug)]
pub struct SpruceSettings {
    /// Ends without a slash.
    pub base_url: Url,
    /// Sent as it is.
    pub token: Private,
}

impl SpruceSettings {
    /// Whether the token looks whole: base64 of an access id, a colon and a secret key. Spruce shows both, and one alone
    /// is easily taken for the token.
    pub fn has_whole_token(&self) -> bool {
        let token = self.token.expose().trim_end_matches('=');
        let bytes = base64::prelude::BASE64_STANDARD_NO_PAD.decode(token);
        bytes.is_ok_and(|bytes| bytes.iter().position(|byte| *byte == b':').is_some_and(|colon| colon > 0))
    }
}

/// How the clinic wants its patients' replies to be taken.
#[derive(Clone, Debug)]
pub struct ReplySettings {
    /// `CONSENT_REQUEST_PATTERN`
    pub request_pattern: RequestPattern,
    /// `CONSENT_REPLY_WINDOW_DAYS`
    pub window_days: u32,
    /// `CONSENT_CHANNELS`
    pub channels: Channels,
    /// `CONSENT_KEYWORDS` and `DECLINE_KEYWORDS`
    pub lexicon: Lexicon,
    /// `CONSENT_CONFIRMATION` and `DECLINE_CONFIRMATION`
    pub confirmations: Confirmations,
}

/// The conversation types that count, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channels(Vec<String>);

impl Channels {
    /// Whether replies of a conversation of this type are taken. An unknown type counts: better a review too many than
    /// a refusal lost.
    pub fn count(&self, channel: &str) -> bool {
        channel.is_empty() || self.0.iter().any(|counted| channel.eq_ignore_ascii_case(counted))
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl Faults {
    /// One sentence per fault. Each names its setting; none holds a value.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Faults {}

/// The longest time for which an answer to a request may count, in days.
const MAX_WINDOW_DAYS: u32 = 3_650;

const DEFAULT_WINDOW_DAYS: u32 = 30;
const DEFAULT_CHANNELS: &str = "phone,secure";
const DEFAULT_BASE_URL: &str = "https://api.sprucehealth.com/v1";

/// What the platform leaves in a setting whose Key Vault reference it could not resolve. As a secret it would be known
/// to everybody.
const UNRESOLVED: &str = "@Microsoft.KeyVault(";

impl Settings {
    /// Reads what `serve` needs. `lookup` gives a setting's value, `None` if there is none.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut reader = Reader::new(&lookup);
        let secrets = reader.secrets();
        let spruce = reader.spruce();
        let account = reader.account();
        let zone = reader.zone();
        let replies = reader.replies();
        match (secrets, spruce, account, zone, replies) {
            (Some(secrets), Some(spruce), Some(account), Some(zone), Some(replies)) if reader.faults.is_empty() => {
                Ok(Self { secrets, spruce, account, zone, replies })
            }
            _ => Err(Faults(reader.faults)),
        }
    }
}

/// Reads what a command on storage alone needs.
pub fn read_storage(lookup: impl Fn(&str) -> Option<String>) -> Result<(Account, TimeZone), Faults> {
    let mut reader = Reader::new(&lookup);
    match (reader.account(), reader.zone()) {
        (Some(account), Some(zone)) if reader.faults.is_empty() => Ok((account, zone)),
        _ => Err(Faults(reader.faults)),
    }
}

/// Reads what a command on Spruce's API alone needs.
pub fn read_spruce(lookup: impl Fn(&str) -> Option<String>) -> Result<SpruceSettings, Faults> {
    let mut reader = Reader::new(&lookup);
    match reader.spruce() {
        Some(spruce) if reader.faults.is_empty() => Ok(spruce),
        _ => Err(Faults(reader.faults)),
    }
}

/// Reads what a command that signs needs: the secret in force.
pub fn read_secret(lookup: impl Fn(&str) -> Option<String>) -> Result<Secret, Faults> {
    let mut reader = Reader::new(&lookup);
    match reader.secrets().map(|secrets| secrets.into_iter().next()) {
        Some(Some(secret)) if reader.faults.is_empty() => Ok(secret),
        _ => Err(Faults(reader.faults)),
    }
}

/// Reads what `backfill` needs: both ends of the way from Spruce to the queue, and what is taken.
pub fn read_backfill(
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<(SpruceSettings, Account, ReplySettings), Faults> {
    let mut reader = Reader::new(&lookup);
    match (reader.spruce(), reader.account(), reader.replies()) {
        (Some(spruce), Some(account), Some(replies)) if reader.faults.is_empty() => Ok((spruce, account, replies)),
        _ => Err(Faults(reader.faults)),
    }
}

/// Reads the clinic's own replies, for commands that classify.
pub fn read_lexicon(lookup: impl Fn(&str) -> Option<String>) -> Result<Lexicon, Faults> {
    let mut reader = Reader::new(&lookup);
    reader.lexicon().ok_or(Faults(reader.faults))
}

/// Collects faults while it reads: each method gives `None` where it has noted one.
struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, faults: Vec::new() }
    }

    fn fault<T>(&mut self, setting: &str, problem: impl fmt::Display) -> Option<T> {
        self.faults.push(format!("{setting} {problem}"));
        None
    }

    /// A setting that is there and not empty.
    fn optional(&mut self, setting: &str) -> Option<String> {
        let value = (self.lookup)(setting).filter(|value| !value.is_empty())?;
        if value.trim_start().starts_with(UNRESOLVED) {
            return self.fault(
                setting,
                "is a Key Vault reference that was not resolved: check the vault's name, the secret's name and the \
                 identity's right to read it",
            );
        }
        Some(value)
    }

    fn required(&mut self, setting: &str, what: &str) -> Option<String> {
        let before = self.faults.len();
        let value = self.optional(setting);
        if value.is_none() && self.faults.len() == before {
            return self.fault(setting, format_args!("is missing: {what}"));
        }
        value
    }

    fn secrets(&mut self) -> Option<Vec<Secret>> {
        let current =
            self.required("SPRUCE_WEBHOOK_SECRET", "the signing secret that Spruce showed once for the endpoint");
        let previous = self.optional("SPRUCE_WEBHOOK_SECRET_PREVIOUS");
        let secrets = [Some(current?), previous].into_iter().flatten();
        Some(secrets.filter_map(|secret| Secret::new(&secret)).collect())
    }

    fn spruce(&mut self) -> Option<SpruceSettings> {
        let token = self.required("SPRUCE_API_TOKEN", "the API token from Spruce's settings, Integrations & API");
        let token = match token {
            // It becomes a header's value.
            Some(token) if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                self.fault("SPRUCE_API_TOKEN", "has characters that no token has: a space or a line break at its end?")
            }
            token => token,
        };
        let base_url = self.base_url();
        Some(SpruceSettings { base_url: base_url?, token: token?.into() })
    }

    fn base_url(&mut self) -> Option<Url> {
        const SETTING: &str = "SPRUCE_API_BASE_URL";
        let text = self.optional(SETTING).unwrap_or_else(|| DEFAULT_BASE_URL.to_owned());
        let url = Url::parse(text.trim_end_matches('/')).ok().filter(|url| !url.cannot_be_a_base());
        match url {
            // The token goes there: never in clear text, but to this machine itself.
            Some(url) if url.scheme() == "https" || matches!(url.host_str(), Some("127.0.0.1" | "localhost")) => {
                Some(url)
            }
            _ => self.fault(SETTING, "is not an https:// address"),
        }
    }

    fn account(&mut self) -> Option<Account> {
        // Noted here, so that an unresolved reference is not taken for a connection string.
        self.optional("AzureWebJobsStorage").or_else(|| self.optional("AzureWebJobsStorage__accountName"));
        if self.faults.iter().any(|fault| fault.starts_with("AzureWebJobsStorage")) {
            return None;
        }
        let lookup = self.lookup;
        match Account::from_settings(|name| lookup(name).filter(|value| !value.is_empty())) {
            Ok(account) => Some(account),
            Err(fault) => self.fault(fault.setting, fault.problem),
        }
    }

    fn zone(&mut self) -> Option<TimeZone> {
        const SETTING: &str = "CLINIC_TIME_ZONE";
        match self.optional(SETTING) {
            None => Some(TimeZone::UTC),
            Some(name) => match TimeZone::get(name.trim()) {
                Ok(zone) => Some(zone),
                Err(_) => self.fault(SETTING, "is not an IANA time zone name such as America/Chicago"),
            },
        }
    }

    fn replies(&mut self) -> Option<ReplySettings> {
        let request_pattern = self.request_pattern();
        let window_days = self.window_days();
        let channels = self.channels();
        let lexicon = self.lexicon();
        let confirmations = Confirmations {
            consent: self.confirmation("CONSENT_CONFIRMATION", request_pattern.as_ref()),
            decline: self.confirmation("DECLINE_CONFIRMATION", request_pattern.as_ref()),
        };
        Some(ReplySettings {
            request_pattern: request_pattern?,
            window_days: window_days?,
            channels: channels?,
            lexicon: lexicon?,
            confirmations,
        })
    }

    /// A confirmation that reads like a request would be taken for one, and a "yes" after it for a consent.
    fn confirmation(&mut self, setting: &str, pattern: Option<&RequestPattern>) -> Private {
        let Some(text) = self.optional(setting) else { return Private::default() };
        if pattern.is_some_and(|pattern| pattern.is_request(&text)) {
            let _: Option<()> = self.fault(setting, "reads like a request for consent (see CONSENT_REQUEST_PATTERN)");
        }
        text.trim().into()
    }

    fn request_pattern(&mut self) -> Option<RequestPattern> {
        const SETTING: &str = "CONSENT_REQUEST_PATTERN";
        match RequestPattern::parse(&self.optional(SETTING).unwrap_or_default()) {
            Ok(pattern) => Some(pattern),
            // The error's own words quote the pattern.
            Err(regex::Error::CompiledTooBig(_)) => self.fault(SETTING, "is too large a regular expression"),
            Err(_) => self.fault(
                SETTING,
                "is neither `any` nor a regular expression (look-around and back-references do not exist here)",
            ),
        }
    }

    fn window_days(&mut self) -> Option<u32> {
        const SETTING: &str = "CONSENT_REPLY_WINDOW_DAYS";
        match self.optional(SETTING).map(|text| text.trim().parse()) {
            None => Some(DEFAULT_WINDOW_DAYS),
            Some(Ok(days @ 1..=MAX_WINDOW_DAYS)) => Some(days),
            Some(_) => self.fault(SETTING, format_args!("is not a number of days from 1 to {MAX_WINDOW_DAYS}")),
        }
    }

    fn channels(&mut self) -> Option<Channels> {
        const SETTING: &str = "CONSENT_CHANNELS";
        let text = self.optional(SETTING).unwrap_or_else(|| DEFAULT_CHANNELS.to_owned());
        let channels: Vec<String> = list(&text).map(str::to_ascii_lowercase).collect();
        if channels.is_empty() {
            return self.fault(SETTING, "names no conversation type (phone, secure, email …)");
        }
        Some(Channels(channels))
    }

    fn lexicon(&mut self) -> Option<Lexicon> {
        let consent = self.optional("CONSENT_KEYWORDS").unwrap_or_default();
        let decline = self.optional("DECLINE_KEYWORDS").unwrap_or_default();
        let (consent, decline): (Vec<&str>, Vec<&str>) = (list(&consent).collect(), list(&decline).collect());
        match Lexicon::new(&consent, &decline) {
            Ok(lexicon) => Some(lexicon),
            Err(faults) => {
                self.faults.extend(faults.iter().map(|fault| format!("CONSENT_KEYWORDS, DECLINE_KEYWORDS: {fault}")));
                None
            }
        }
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [(&str, &str); 3] = [
        ("SPRUCE_WEBHOOK_SECRET", "whsec_secret"),
        ("SPRUCE_API_TOKEN", "token"),
        ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
    ];

    fn read(changes: &[(&str, &str)]) -> Result<Settings, Faults> {
        let all: Vec<_> = changes.iter().chain(&COMPLETE).collect();
        Settings::read(|name| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn faults(changes: &[(&str, &str)]) -> Vec<String> {
        read(changes).unwrap_err().iter().map(str::to_owned).collect()
    }

    #[test]
    fn the_defaults() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.spruce.base_url.as_str(), DEFAULT_BASE_URL);
        assert_eq!((settings.replies.window_days, settings.secrets.len()), (30, 1));
        let channels = &settings.replies.channels;
        assert!(channels.count("phone") && channels.count("SECURE") && channels.count("") && !channels.count("email"));
        assert!(!settings.replies.request_pattern.needs_no_request());
    }

    #[test]
    fn all_faults_at_once_each_with_its_setting_and_none_with_a_value() {
        let faults = faults(&[
            ("SPRUCE_WEBHOOK_SECRET", ""),
            ("SPRUCE_WEBHOOK_SECRET_PREVIOUS", "@Microsoft.KeyVault(SecretUri=https://hunter2)"),
            ("SPRUCE_API_TOKEN", "hunter2\n"),
            ("SPRUCE_API_BASE_URL", "http://hunter2"),
            ("AzureWebJobsStorage", "hunter2"),
            ("CONSENT_REQUEST_PATTERN", "(hunter2"),
            ("CONSENT_REPLY_WINDOW_DAYS", "hunter2"),
            ("CONSENT_CHANNELS", " , "),
            ("CLINIC_TIME_ZONE", "Hunter/Two"),
        ]);
        insta::assert_snapshot!(faults.join("\n"), @r"
        SPRUCE_WEBHOOK_SECRET is missing: the signing secret that Spruce showed once for the endpoint
        SPRUCE_WEBHOOK_SECRET_PREVIOUS is a Key Vault reference that was not resolved: check the vault's name, the secret's name and the identity's right to read it
        SPRUCE_API_TOKEN has characters that no token has: a space or a line break at its end?
        SPRUCE_API_BASE_URL is not an https:// address
        AzureWebJobsStorage is not a connection string
        CLINIC_TIME_ZONE is not an IANA time zone name such as America/Chicago
        CONSENT_REQUEST_PATTERN is neither `any` nor a regular expression (look-around and back-references do not exist here)
        CONSENT_REPLY_WINDOW_DAYS is not a number of days from 1 to 3650
        CONSENT_CHANNELS names no conversation type (phone, secure, email …)
        ");
    }

    #[test]
    fn what_cannot_start() {
        for (name, value, problem) in [
            ("SPRUCE_WEBHOOK_SECRET", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", "not resolved"),
            ("SPRUCE_API_TOKEN", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", "not resolved"),
            ("AzureWebJobsStorage", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", "not resolved"),
            ("AzureWebJobsStorage", "", "is missing"),
            ("SPRUCE_API_TOKEN", "", "is missing"),
            ("CONSENT_REPLY_WINDOW_DAYS", "0", "is not a number"),
            ("CONSENT_KEYWORDS", "STOP", "DECLINE_KEYWORDS"),
            ("CONSENT_CONFIRMATION", "Thanks! Do you consent to more? Reply YES", "reads like a request"),
            ("DECLINE_CONFIRMATION", "Reply YES if you consent after all", "reads like a request"),
        ] {
            let faults = faults(&[(name, value)]);
            assert!(faults.len() == 1 && faults[0].contains(problem), "{name}={value}: {faults:?}");
        }
    }

    #[test]
    fn one_half_of_a_token_is_not_taken_for_a_whole() {
        for (token, is_whole) in [
            // aid_local:secret_local
            ("YWlkX2xvY2FsOnNlY3JldF9sb2NhbA==", true),
            ("YWlkX2xvY2FsOnNlY3JldF9sb2NhbA", true),
            ("aid_local", false),
            ("c2VjcmV0X2xvY2Fs", false),
            ("OnNlY3JldA==", false),
        ] {
            let settings = read(&[("SPRUCE_API_TOKEN", token)]).unwrap().spruce;
            assert_eq!(settings.has_whole_token(), is_whole, "{token}");
        }
    }

    #[test]
    fn settings_hold_their_secrets_to_themselves() {
        let shown = format!("{:?}", read(&[("SPRUCE_WEBHOOK_SECRET_PREVIOUS", "hunter2")]).unwrap());
        assert!(
            !shown.contains("hunter2") && !shown.contains("whsec_secret") && !shown.contains("\"token\""),
            "{shown}"
        );
    }
}
