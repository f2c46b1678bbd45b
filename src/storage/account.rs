//! Where storage is and how to sign in, from the settings.

use std::fmt;
use std::sync::Arc;

use azure_storage::{CloudLocation, ConnectionString, EMULATOR_ACCOUNT, EMULATOR_ACCOUNT_KEY, StorageCredentials};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::credential::EntraCredential;
use crate::domain::private::Private;

/// A storage account: its two services, and what opens them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub(super) name: String,
    pub(super) queue_url: String,
    table_url: String,
    pub(super) access: Access,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The account's key, base64.
    Key(Private),
    /// A shared access signature: a query string.
    Signature(Private),
    /// Entra ID: the app's managed identity (a user-assigned one if its client id is given), or on an operator's
    /// machine the Azure CLI's sign-in.
    Entra { client_id: Option<String>, endpoint: Option<IdentityEndpoint> },
}

/// Where App Service hands out tokens of the app's identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IdentityEndpoint {
    pub(super) url: String,
    pub(super) header: Private,
}

/// A setting that does not lead to a storage account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFault {
    /// The setting.
    pub setting: &'static str,
    /// What is wrong with it, and what to do.
    pub problem: &'static str,
}

impl fmt::Display for AccountFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.problem)
    }
}

const CONNECTION_STRING: &str = "AzureWebJobsStorage";
const ACCOUNT_NAME: &str = "AzureWebJobsStorage__accountName";
const QUEUE_URI: &str = "AzureWebJobsStorage__queueServiceUri";
const TABLE_URI: &str = "AzureWebJobsStorage__tableServiceUri";
const CLIENT_ID: &str = "AzureWebJobsStorage__clientId";

impl Account {
    /// Reads the settings: `AzureWebJobsStorage` (a connection string) or `AzureWebJobsStorage__…` (Entra ID), the same
    /// names that the Functions host reads for its queue trigger. `setting` gives a setting's value, `None` if it is
    /// missing or empty.
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, AccountFault> {
        if let Some(text) = setting(CONNECTION_STRING) {
            return Self::from_connection_string(&text);
        }
        let name = setting(ACCOUNT_NAME);
        let service = |uri_setting: &'static str, service: &str| match (setting(uri_setting), &name) {
            (Some(uri), _) if is_service_url(&uri) => Ok(uri.trim_end_matches('/').to_owned()),
            (Some(_), _) => Err(AccountFault { setting: uri_setting, problem: "is not an https:// address" }),
            (None, Some(name)) => Ok(format!("https://{name}.{service}.core.windows.net")),
            (None, None) => Err(AccountFault {
                setting: CONNECTION_STRING,
                problem: "is missing: give a connection string, UseDevelopmentStorage=true, or \
                          AzureWebJobsStorage__accountName for Entra ID",
            }),
        };
        let queue_url = service(QUEUE_URI, "queue")?;
        let table_url = service(TABLE_URI, "table")?;
        let endpoint = setting("IDENTITY_ENDPOINT").zip(setting("IDENTITY_HEADER"));
        Ok(Self {
            name: name.unwrap_or_default(),
            queue_url,
            table_url,
            access: Access::Entra {
                client_id: setting(CLIENT_ID),
                endpoint: endpoint.map(|(url, header)| IdentityEndpoint { url, header: header.into() }),
            },
        })
    }

    fn from_connection_string(text: &str) -> Result<Self, AccountFault> {
        let fault = |problem| AccountFault { setting: CONNECTION_STRING, problem };
        let parsed = ConnectionString::new(text.trim()).map_err(|_| fault("is not a connection string"))?;
        if parsed.use_development_storage == Some(true) {
            return Ok(Self {
                name: EMULATOR_ACCOUNT.to_owned(),
                queue_url: format!("http://127.0.0.1:10001/{EMULATOR_ACCOUNT}"),
                table_url: format!("http://127.0.0.1:10002/{EMULATOR_ACCOUNT}"),
                access: Access::Key(EMULATOR_ACCOUNT_KEY.into()),
            });
        }
        let name = parsed.account_name.unwrap_or_default();
        let access = match (parsed.account_key, parsed.sas) {
            (Some(key), _) if BASE64_STANDARD.decode(key).is_ok_and(|key| !key.is_empty()) => Access::Key(key.into()),
            (Some(_), _) => return Err(fault("has an AccountKey that is not base64")),
            (None, Some(signature)) => Access::Signature(signature.into()),
            (None, None) => return Err(fault("has neither an AccountKey nor a SharedAccessSignature")),
        };
        let service = |endpoint: Option<&str>, service: &str| match endpoint {
            Some(url) => Ok(url.trim_end_matches('/').to_owned()),
            None if name.is_empty() => Err(fault("has no AccountName")),
            None => {
                let suffix = parsed.endpoint_suffix.unwrap_or("core.windows.net");
                let protocol = match parsed.default_endpoints_protocol {
                    Some(azure_storage::EndpointProtocol::Http) => "http",
                    Some(azure_storage::EndpointProtocol::Https) | None => "https",
                };
                Ok(format!("{protocol}://{name}.{service}.{suffix}"))
            }
        };
        if matches!(access, Access::Key(_)) && name.is_empty() {
            return Err(fault("has an AccountKey but no AccountName"));
        }
        Ok(Self {
            name: name.to_owned(),
            queue_url: service(parsed.queue_endpoint, "queue")?,
            table_url: service(parsed.table_endpoint, "table")?,
            access,
        })
    }

    pub(super) fn queue_location(&self) -> CloudLocation {
        CloudLocation::Custom { account: self.name.clone(), uri: self.queue_url.clone() }
    }

    pub(super) fn table_location(&self) -> CloudLocation {
        CloudLocation::Custom { account: self.name.clone(), uri: self.table_url.clone() }
    }

    /// What signs the SDK's calls. No call is made yet.
    pub(super) fn credentials(&self) -> azure_core::Result<StorageCredentials> {
        match &self.access {
            Access::Key(key) => Ok(StorageCredentials::access_key(self.name.clone(), key.expose().to_owned())),
            Access::Signature(query) => StorageCredentials::sas_token(query.expose()),
            Access::Entra { client_id, endpoint } => {
                let credential = EntraCredential::new(client_id.clone(), endpoint.clone())?;
                Ok(StorageCredentials::token_credential(Arc::new(credential)))
            }
        }
    }
}

/// Tokens are sent there: never in clear text, but to this machine itself.
fn is_service_url(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Account, AccountFault> {
        Account::from_settings(|name| {
            settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn connection_strings() {
        let azure = read(&[(
            "AzureWebJobsStorage",
            "DefaultEndpointsProtocol=https;AccountName=clinic;AccountKey=a2V5;EndpointSuffix=core.windows.net",
        )]);
        let azure = azure.unwrap();
        assert_eq!(azure.queue_url, "https://clinic.queue.core.windows.net");
        assert_eq!(azure.table_url, "https://clinic.table.core.windows.net");
        assert!(!format!("{azure:?}").contains("a2V5"), "{azure:?}");

        let local = read(&[("AzureWebJobsStorage", "UseDevelopmentStorage=true")]).unwrap();
        assert_eq!(local.table_url, "http://127.0.0.1:10002/devstoreaccount1");

        let named = read(&[(
            "AzureWebJobsStorage",
            "AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:5/a/;TableEndpoint=http://127.0.0.1:6/a",
        )]);
        assert_eq!(named.unwrap().queue_url, "http://127.0.0.1:5/a");

        let signed = "QueueEndpoint=https://c.queue.core.windows.net;TableEndpoint=https://c.table.core.windows.net;SharedAccessSignature=sv=2024&sig=x";
        assert!(matches!(read(&[("AzureWebJobsStorage", signed)]).unwrap().access, Access::Signature(_)));
    }

    #[test]
    fn entra_id_by_name_or_by_address() {
        let by_name = read(&[("AzureWebJobsStorage__accountName", "clinic"), ("AzureWebJobsStorage__clientId", "id")]);
        let by_name = by_name.unwrap();
        assert_eq!(by_name.queue_url, "https://clinic.queue.core.windows.net");
        assert_eq!(by_name.access, Access::Entra { client_id: Some("id".to_owned()), endpoint: None });

        let by_address = read(&[
            ("AzureWebJobsStorage__queueServiceUri", "https://c.queue.core.windows.net/"),
            ("AzureWebJobsStorage__tableServiceUri", "https://c.table.core.windows.net"),
        ]);
        assert_eq!(by_address.unwrap().queue_url, "https://c.queue.core.windows.net");
    }

    #[test]
    fn faults_name_the_setting_and_never_its_value() {
        for (settings, setting, problem) in [
            (&[][..], "AzureWebJobsStorage", "is missing"),
            (&[("AzureWebJobsStorage", "hunter2")], "AzureWebJobsStorage", "is not a connection string"),
            (&[("AzureWebJobsStorage", "AccountName=a")], "AzureWebJobsStorage", "has neither"),
            (&[("AzureWebJobsStorage", "AccountName=a;AccountKey=hunter2!")], "AzureWebJobsStorage", "is not base64"),
            (&[("AzureWebJobsStorage", "AccountKey=a2V5")], "AzureWebJobsStorage", "no AccountName"),
            (
                &[("AzureWebJobsStorage__queueServiceUri", "http://hunter2")],
                "AzureWebJobsStorage__queueServiceUri",
                "not an https",
            ),
        ] {
            let fault = read(settings).unwrap_err();
            assert_eq!(fault.setting, setting);
            assert!(fault.problem.contains(problem) && !fault.to_string().contains("hunter2"), "{fault}");
        }
    }
}
