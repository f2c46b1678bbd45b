//! `local.settings.json`, the file in which developers keep settings for the local Functions host.

use std::collections::HashMap;
use std::io::ErrorKind;

use serde::Deserialize;

use super::{Failure, environment};

const FILE: &str = "local.settings.json";

#[derive(Deserialize)]
struct File {
    #[serde(default, rename = "Values")]
    values: HashMap<String, String>,
}

/// Settings from the environment, and where it has none, from the file in the working folder, if there is one.
pub(super) fn lookup() -> Result<impl Fn(&str) -> Option<String>, Failure> {
    let values = match std::fs::read(FILE) {
        // Some editors begin a file with a byte order mark.
        Ok(bytes) => {
            serde_json::from_slice::<File>(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))
                // The parser's own words may quote a value.
                .map_err(|error| {
                    Failure::Failed(format!(
                        "{FILE} cannot be read: line {} is not as expected; compare local.settings.json.example",
                        error.line()
                    ))
                })?
                .values
        }
        Err(error) if error.kind() == ErrorKind::NotFound => HashMap::new(),
        Err(error) => return Err(Failure::Failed(format!("{FILE} cannot be read: {}", error.kind()))),
    };
    Ok(move |setting: &str| environment(setting).or_else(|| values.get(setting).cloned()))
}
