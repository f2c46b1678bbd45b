//! Who may use whom: the map in `src/lib.rs`, held against the `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::ROOT;

/// Each module, and the modules of this crate that it may name.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("domain", &["domain"]),
    ("storage", &["domain", "storage"]),
    ("spruce", &["domain", "spruce"]),
    ("config", &["domain", "storage", "config"]),
    ("telemetry", &["telemetry"]),
    ("functions", &["config", "domain", "functions", "spruce", "storage", "telemetry"]),
    ("cli", &["cli", "config", "domain", "functions", "spruce", "storage", "telemetry"]),
];

fn sources(module: &str) -> Vec<PathBuf> {
    let root = Path::new(ROOT).join("src");
    let (file, mut folders) = (root.join(format!("{module}.rs")), vec![root.join(module)]);
    let mut found: Vec<PathBuf> = file.exists().then_some(file).into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    assert!(!found.is_empty(), "{module} has no source");
    found
}

/// Lines of code, tests and comments aside.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]" || !text.contains("mod tests {"));
    lines.filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect()
}

#[test]
fn arrows_point_to_the_domain() {
    for (module, allowed) in MAY_USE {
        for path in sources(module) {
            for line in code(&path) {
                for used in line.split("crate::").skip(1) {
                    let used: String = used.chars().take_while(char::is_ascii_alphanumeric).collect();
                    let known = MAY_USE.iter().any(|(name, _)| *name == used);
                    assert!(!known || allowed.contains(&used.as_str()), "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn only_storage_names_the_storage_sdk() {
    for (module, _) in MAY_USE.iter().filter(|(module, _)| *module != "storage") {
        for path in sources(module) {
            assert!(!code(&path).iter().any(|line| line.contains("azure_")), "{}", path.display());
        }
    }
}

/// No I/O, no clock, no async, no logging: what is decided can be tested without any of them.
#[test]
fn the_domain_is_pure() {
    for path in sources("domain") {
        // Whole files of tests.
        if ["tests.rs", "laws.rs", "oracle.rs", "stories.rs", "page.rs"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for line in code(&path) {
            for impure in
                ["tokio", "reqwest", "axum", "tracing", "std::fs", "std::net", "std::env", "async ", "::now()"]
            {
                assert!(!line.contains(impure), "{}: {line}", path.display());
            }
        }
    }
}
