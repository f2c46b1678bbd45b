//! The deployment, without Azure: that the templates are sound, agree with the code, and keep to what `infra/README.md`
//! and `infra/COMPLIANCE.md` promise. The compiler's and the linter's word on them is CI's.

mod bicep; // Bicep files as values
mod queries; // the queries of alerts and workbook against the program's lines

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};
use spruce_consent::storage::{HISTORY_TABLE, POISON_QUEUE, QUEUE, REVIEW_TABLE, STATUS_TABLE};

use self::bicep::File;
use crate::shipped_files::settings_asked_for;
use crate::world::{ROOT, read};

const MAIN: &str = "infra/main.bicep";

/// The built-in roles that may be given, from learn.microsoft.com/azure/role-based-access-control/built-in-roles.
/// None of them can change the resources themselves or who has which role.
const ROLES: [(&str, &str); 8] = [
    ("blobDataContributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
    ("blobDataOwner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
    ("monitoringMetricsPublisher", "3913510d-42f4-4e42-8a64-420c390055eb"),
    ("queueDataContributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
    ("tableDataContributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
    ("tableDataReader", "76199698-9eea-4c19-bc75-cec21354c6b6"),
    ("vaultSecretsOfficer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"),
    ("vaultSecretsUser", "4633458b-17de-408a-b874-0445c86b69e6"),
];

/// Settings that Flex Consumption refuses or ignores.
const REFUSED: [&str; 5] = [
    "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_EXTENSION_VERSION",
    "WEBSITE_RUN_FROM_PACKAGE",
    "SCM_DO_BUILD_DURING_DEPLOYMENT",
    "AzureWebJobsStorage",
];

/// Settings that the program reads and the template leaves out, for reasons that `infra/README.md` gives.
const LEFT_OUT: [&str; 2] = ["AzureWebJobsStorage", "AzureWebJobsStorage__accountName"];

fn file(path: &str) -> File {
    File::read(path)
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().into_iter().flat_map(|object| object.keys().cloned()).collect()
}

/// Every resource of a kind, in every file.
fn everywhere(kind: &str) -> Vec<(String, Value)> {
    let files = bicep::all();
    let made = files.iter().flat_map(|file| file.made(kind).into_iter().map(|body| (file.path.clone(), body.clone())));
    let made: Vec<_> = made.collect();
    assert!(!made.is_empty(), "there is no {kind}");
    made
}

#[test]
fn modules_fit_together() {
    for file in bicep::all() {
        for module in &file.modules {
            let target = File::read(&module.path);
            let given = keys(&module.body["params"]);
            for name in &given {
                assert!(target.params.iter().any(|param| param.name == *name), "{} has no {name}", module.path);
            }
            for param in target.params.iter().filter(|param| param.default.is_none()) {
                assert!(given.contains(&param.name), "{}: {} needs {}", file.path, module.path, param.name);
            }
            let used = Regex::new(&format!(r"\b{}\.\??outputs\.(\w+)", module.name)).unwrap();
            for output in used.captures_iter(&file.text) {
                assert!(target.outputs.contains(&output[1].to_owned()), "{} has no {}", module.path, &output[1]);
            }
        }
        let (params, vars) = (file.params.iter().map(|param| &param.name), file.vars.iter().map(|(name, _)| name));
        for name in params.chain(vars) {
            let uses = Regex::new(&format!(r"\b{name}\b")).unwrap().find_iter(&file.text).count();
            assert!(uses > 1, "{}: {name} is used nowhere", file.path);
        }
    }
    let used: BTreeSet<String> = file(MAIN).modules.into_iter().map(|module| module.path).collect();
    let there: BTreeSet<String> = bicep::all().into_iter().map(|file| file.path).filter(|path| path != MAIN).collect();
    assert_eq!(used, there);
}

#[test]
fn parameters_are_described_and_given() {
    let (main, readme) = (file(MAIN), read("infra/README.md"));
    let given = read("infra/main.bicepparam");
    let name = Regex::new(r"(?m)^param (\w+) = ").unwrap();
    let given: BTreeSet<&str> = name.captures_iter(&given).map(|found| found.get(1).unwrap().as_str()).collect();
    for param in &main.params {
        assert!(param.is_described, "{} has no description", param.name);
        assert!(readme.contains(&format!("| `{}` |", param.name)), "{} is not in the README's table", param.name);
        assert!(param.default.is_some() || given.contains(&*param.name), "{} is not given", param.name);
    }
    for name in given {
        assert!(main.params.iter().any(|param| param.name == name), "main.bicep has no {name}");
    }
    for output in &main.outputs {
        assert!(readme.contains(output), "the README does not say what {output} is for");
    }
}

#[test]
fn queues_and_tables_have_the_codes_names() {
    let main = file(MAIN);
    assert_eq!(*main.var("queueNames"), json!([QUEUE, POISON_QUEUE]));
    assert_eq!(*main.var("tableNames"), json!([STATUS_TABLE, HISTORY_TABLE, REVIEW_TABLE]));
    assert_eq!(*main.var("staffWrites"), REVIEW_TABLE);
}

#[test]
fn no_account_has_keys_or_public_blobs() {
    for (path, account) in everywhere("Microsoft.Storage/storageAccounts") {
        let properties = &account["properties"];
        for (property, wanted) in [
            ("allowSharedKeyAccess", json!(false)),
            ("allowBlobPublicAccess", json!(false)),
            ("allowCrossTenantReplication", json!(false)),
            ("supportsHttpsTrafficOnly", json!(true)),
            ("minimumTlsVersion", json!("TLS1_2")),
        ] {
            assert_eq!(properties[property], wanted, "{path}: {property}");
        }
        assert_eq!(properties["encryption"]["requireInfrastructureEncryption"], true, "{path}");
    }
    for (path, container) in everywhere("Microsoft.Storage/storageAccounts/blobServices/containers") {
        assert_eq!(container["properties"]["publicAccess"], "None", "{path}");
    }
    for file in bicep::all() {
        for key in ["listKeys", "listAccountSas", "listServiceSas", "AccountKey", "@secure()"] {
            assert!(!file.text.contains(key), "{}: {key}", file.path);
        }
    }
}

#[test]
fn only_entra_id_opens_the_rest() {
    for (path, vault) in everywhere("Microsoft.KeyVault/vaults") {
        for property in ["enableRbacAuthorization", "enableSoftDelete", "enablePurgeProtection"] {
            assert_eq!(vault["properties"][property], true, "{path}: {property}");
        }
    }
    for (path, insights) in everywhere("Microsoft.Insights/components") {
        assert_eq!(insights["properties"]["DisableLocalAuth"], true, "{path}");
    }
    for (path, policy) in everywhere("Microsoft.Web/sites/basicPublishingCredentialsPolicies") {
        assert_eq!(policy["properties"]["allow"], false, "{path}");
    }
}

#[test]
fn the_app() {
    let app = file("infra/modules/app.bicep");
    let site = app.made("Microsoft.Web/sites")[0];
    assert_eq!(site["identity"]["type"], "UserAssigned");
    let properties = &site["properties"];
    assert_eq!(properties["httpsOnly"], true);
    assert_eq!(properties["keyVaultReferenceIdentity"], "=identityId");
    let config = &properties["siteConfig"];
    for (property, wanted) in [("minTlsVersion", "1.2"), ("scmMinTlsVersion", "1.2"), ("ftpsState", "Disabled")] {
        assert_eq!(config[property], wanted, "{property}");
    }
    let flex = &properties["functionAppConfig"];
    assert_eq!(flex["runtime"], json!({ "name": "custom", "version": "1.0" }));
    assert_eq!(flex["deployment"]["storage"]["authentication"]["type"], "UserAssignedIdentity");
    assert_eq!(flex["scaleAndConcurrency"]["alwaysReady"], "=alwaysReady ? [{ name: 'http', instanceCount: 1 }] : []");
    assert_eq!(app.made("Microsoft.Web/serverfarms")[0]["sku"], json!({ "name": "FC1", "tier": "FlexConsumption" }));
    let defaults: BTreeMap<String, Option<Value>> =
        file(MAIN).params.into_iter().map(|param| (param.name, param.default)).collect();
    assert_eq!(defaults["alwaysReady"], Some(json!(true)));
    assert_eq!(defaults["lockStorage"], Some(json!(true)));
}

#[test]
fn every_setting_that_the_program_reads_is_set_or_documented() {
    let asked = settings_asked_for();
    let (main, app) = (file(MAIN), file("infra/modules/app.bicep"));
    let module = main.modules.iter().find(|module| module.name == "app").unwrap();
    let mut set = keys(&module.body["params"]["clinicSettings"]);
    for name in &set {
        assert!(asked.contains(name), "the program does not read {name}");
    }
    set.extend(keys(app.var("ownSettings")));
    set.extend(keys(app.var("previousSecret")));
    let readme = read("infra/README.md");
    for name in &asked {
        let is_left_out = LEFT_OUT.contains(&name.as_str()) && readme.contains(&format!("`{name}`"));
        assert!(set.contains(name) || is_left_out, "{name} is neither set in the template nor left out on purpose");
    }
    for name in REFUSED {
        assert!(!set.contains(name), "{name}");
    }
    for (setting, value) in app.var("ownSettings").as_object().unwrap() {
        let is_secret = setting.contains("SECRET") || setting.contains("TOKEN");
        let value = value.as_str().unwrap();
        assert_eq!(is_secret, value.starts_with("='@Microsoft.KeyVault(SecretUri="), "{setting}");
    }
    // What a user-assigned identity needs, each of them.
    for setting in ["credential", "clientId", "blobServiceUri", "queueServiceUri", "tableServiceUri"] {
        assert!(set.contains(&format!("AzureWebJobsStorage__{setting}")), "{setting}");
    }
}

#[test]
fn roles_are_given_by_id_and_on_one_thing_each() {
    let roles: BTreeMap<&str, &str> = ROLES.into_iter().collect();
    let guid = Regex::new("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-").unwrap();
    let mut given = BTreeSet::new();
    for file in bicep::all() {
        for (name, value) in &file.vars {
            let guid = value.as_str().filter(|text| guid.is_match(text));
            assert_eq!(guid, guid.and(roles.get(name.as_str()).copied()), "{}: {name}", file.path);
        }
        for assignment in file.made("Microsoft.Authorization/roleAssignments") {
            let properties = &assignment["properties"];
            let text = |value: &Value| value.as_str().unwrap().trim_start_matches('=').to_owned();
            let definition = text(&properties["roleDefinitionId"]);
            let role = definition
                .strip_prefix("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ")
                .and_then(|rest| rest.strip_suffix(')'))
                .unwrap_or_else(|| panic!("{}: {definition}", file.path));
            assert!(roles.contains_key(role), "{}: {role}", file.path);
            // Without it, an identity that was just made may not be found yet.
            assert!(properties.get("principalType").is_some(), "{}: {role}", file.path);
            given.insert((text(&properties["principalId"]), role.to_owned(), text(&assignment["scope"])));
        }
    }
    let given: Vec<String> = given.into_iter().map(|(who, what, scope)| format!("{who}: {what} on {scope}")).collect();
    insta::assert_snapshot!(given.join("\n"), @r"
    appPrincipalId: blobDataOwner on account
    appPrincipalId: monitoringMetricsPublisher on applicationInsights
    appPrincipalId: queueDataContributor on queues[i]
    appPrincipalId: tableDataContributor on tables[i]
    appPrincipalId: vaultSecretsUser on vault
    operatorId: blobDataContributor on exports
    operatorId: queueDataContributor on queues[i]
    operatorId: tableDataContributor on tables[i]
    operatorId: vaultSecretsOfficer on vault
    staffGroupId: tableDataContributor on reviewTable
    staffGroupId: tableDataReader on staffTables[i]
    ");
}

#[test]
fn access_is_logged() {
    let mut logged = BTreeSet::new();
    for (path, setting) in everywhere("Microsoft.Insights/diagnosticSettings") {
        for log in setting["properties"]["logs"].as_array().unwrap() {
            assert_eq!(log["enabled"], true, "{path}");
            let (scope, category) = (setting["scope"].as_str().unwrap(), log["category"].as_str().unwrap());
            logged.insert(format!("{path} {} {category}", scope.trim_start_matches('=')));
        }
    }
    for wanted in [
        "infra/modules/storage.bicep tableService StorageRead",
        "infra/modules/storage.bicep tableService StorageWrite",
        "infra/modules/storage.bicep tableService StorageDelete",
        "infra/modules/backup.bicep blobs StorageRead",
        "infra/modules/vault.bicep vault AuditEvent",
    ] {
        assert!(logged.contains(wanted), "{wanted} is not logged");
    }
}

#[test]
fn the_readme_says_what_to_do_about_each_alert() {
    let (alerts, readme) = (file("infra/modules/alerts.bicep"), read("infra/README.md"));
    let alerts = alerts.var("alerts").as_array().unwrap().clone();
    assert!(alerts.len() >= 8);
    for alert in alerts {
        let name = alert["name"].as_str().unwrap();
        assert!(readme.contains(&format!("| `{name}` |")), "{name} is not in the README's table");
        assert!(alert.get("above").is_some() != alert.get("below").is_some(), "{name}");
    }
}

/// A page that points to a file which is not there proves nothing.
#[test]
fn pages_point_to_what_is_there() {
    let link = Regex::new(r"\]\(([^)#]*)(?:#([^)]*))?\)").unwrap();
    let path = Regex::new(r"`((?:src|infra|tests|\.github|spruce-webhook|consent-worker)/[^` ]+)`").unwrap();
    for page in ["infra/README.md", "infra/COMPLIANCE.md", ".github/SECURITY.md"].map(Path::new) {
        let text = read(page.to_str().unwrap());
        let page_name = page.display();
        for found in link.captures_iter(&text).filter(|found| !found[1].starts_with("https://")) {
            let target = if found[1].is_empty() { page.to_owned() } else { page.with_file_name(&found[1]) };
            assert!(Path::new(ROOT).join(&target).exists(), "{page_name}: {}", target.display());
            if let Some(anchor) = found.get(2).map(|anchor| anchor.as_str()) {
                let target = read(target.to_str().unwrap());
                let is_there = target.lines().any(|line| line.starts_with('#') && slug(line) == anchor);
                assert!(is_there, "{page_name}: {anchor}");
            }
        }
        for found in path.captures_iter(&text) {
            assert!(Path::new(ROOT).join(&found[1]).exists(), "{page_name}: {}", &found[1]);
        }
    }
}

/// The anchor that a heading gets.
fn slug(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -".contains(*letter))
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn ci_runs_what_people_run_and_nothing_that_can_change_under_it() {
    let workflow = read(".github/workflows/ci.yml");
    let pinned = Regex::new(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+(\.\d+)*$").unwrap();
    for action in workflow.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
        assert!(pinned.is_match(action), "{action} is not pinned by a commit");
    }
    assert!(workflow.contains("\npermissions:\n  contents: read\n") && !workflow.contains("write"));
    for step in [".ci/run", "infra/package.sh", "TEST_PACKAGE", "cargo-deny", "bicep build", "bicep lint"] {
        assert!(workflow.contains(step), "{step}");
    }
}
