//! The package as Azure gets it: unpacked, looked at, and run under the local host.
//!
//! It takes minutes to build, so these tests look at it only when they are asked to, as CI asks:
//! `infra/package.sh && TEST_PACKAGE=1 cargo test --test it package`.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use local::demo::{self, DemoOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::world::{ROOT, read};

const ASKED: &str = "TEST_PACKAGE";

/// What Azure's fetch and a cold start have to carry, in bytes. It is a third of this today.
const MAX_ZIP_BYTES: u64 = 10 * 1024 * 1024;

/// Unpacks with the modes that stand in the zip, as the platform does, and prints `[[name, mode, system, date], …]`.
const UNPACK: &str = "
import json, os, sys, zipfile
package = zipfile.ZipFile(sys.argv[1])
package.extractall(sys.argv[2])
for entry in package.infolist():
    os.chmod(os.path.join(sys.argv[2], entry.filename), entry.external_attr >> 16 & 0o777)
print(json.dumps([[e.filename, oct(e.external_attr >> 16), e.create_system, e.date_time] for e in package.infolist()]))
";

fn zip() -> Option<PathBuf> {
    if std::env::var_os(ASKED).is_none() {
        // Not by the print macros, whose words the test runner keeps to itself.
        let _ = writeln!(std::io::stderr(), "\n*** THE PACKAGE IS NOT TESTED: {ASKED} is not set ***");
        return None;
    }
    let zip = Path::new(ROOT).join("target/package.zip");
    assert!(zip.exists(), "{ASKED} is set, but there is no target/package.zip: run infra/package.sh");
    Some(zip)
}

fn unpack(zip: &Path) -> (TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("python3").args(["-c", UNPACK]).arg(zip).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn the_zip_holds_four_files_and_one_program() {
    let Some(zip) = zip() else { return };
    let (folder, entries) = unpack(&zip);
    let unix = 3;
    let time = [1980, 1, 1, 0, 0, 0];
    assert_eq!(
        entries,
        json!([
            ["consent-worker/function.json", "0o100644", unix, time],
            ["host.json", "0o100644", unix, time],
            ["spruce-consent", "0o100755", unix, time],
            ["spruce-webhook/function.json", "0o100644", unix, time],
        ])
    );
    assert!(zip.metadata().unwrap().len() < MAX_ZIP_BYTES);
    let host: Value = serde_json::from_str(&read("host.json")).unwrap();
    let program = host["customHandler"]["description"]["defaultExecutablePath"].as_str().unwrap();
    let mode = folder.path().join(program).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "the host starts what host.json names");
    for file in ["host.json", "spruce-webhook/function.json", "consent-worker/function.json"] {
        assert_eq!(std::fs::read_to_string(folder.path().join(file)).unwrap(), read(file), "the package is stale");
    }
}

#[tokio::test]
async fn the_packaged_program_plays_the_demonstration() {
    let Some(zip) = zip() else { return };
    let (folder, _) = unpack(&zip);
    let handler = folder.path().join("spruce-consent");
    let done = demo::run(DemoOptions { app_root: folder.path().to_owned(), handler, keep: false }).await;
    done.unwrap_or_else(|error| panic!("{error}"));
}
