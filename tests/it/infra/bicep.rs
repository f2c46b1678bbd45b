//! Bicep files as values that policies can be asked of. Syntax only: what needs types is the compiler's, in CI.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tree_sitter::{Node, Parser};

use crate::world::{ROOT, read};

/// A Bicep file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) params: Vec<Param>,
    pub(super) vars: Vec<(String, Value)>,
    pub(super) resources: Vec<Resource>,
    pub(super) modules: Vec<Module>,
    pub(super) outputs: Vec<String>,
}

pub(super) struct Param {
    pub(super) name: String,
    /// `None` if it has to be given.
    pub(super) default: Option<Value>,
    pub(super) is_described: bool,
}

pub(super) struct Resource {
    /// `Microsoft.Storage/storageAccounts`, without the version.
    pub(super) kind: String,
    /// Made elsewhere, and only named here.
    pub(super) is_existing: bool,
    /// Literals are what they say; anything else is its source after a `=`.
    pub(super) body: Value,
}

pub(super) struct Module {
    pub(super) name: String,
    /// From the repository's root.
    pub(super) path: String,
    pub(super) body: Value,
}

impl File {
    /// Reads a file of the repository, and fails where it is not Bicep.
    pub(super) fn read(path: &str) -> Self {
        let text = read(path);
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).expect("the grammar fits the parser");
        let tree = parser.parse(&text, None).expect("no time limit is set");
        assert_sound(tree.root_node(), path, &text);
        let mut file = Self {
            path: path.to_owned(),
            text: text.clone(),
            params: Vec::new(),
            vars: Vec::new(),
            resources: Vec::new(),
            modules: Vec::new(),
            outputs: Vec::new(),
        };
        let mut is_described = false;
        for node in named(tree.root_node()) {
            let source = |node: Node| text[node.byte_range()].to_owned();
            let parts = named(node);
            match node.kind() {
                "decorators" => {
                    is_described = source(node).contains("@description(");
                    continue;
                }
                // name, type, and a default or nothing
                "parameter_declaration" => file.params.push(Param {
                    name: source(parts[0]),
                    default: parts.get(2).map(|default| value(*default, &text)),
                    is_described,
                }),
                "variable_declaration" => file.vars.push((source(parts[0]), value(parts[1], &text))),
                "resource_declaration" => file.resources.push(resource(node, &text)),
                "module_declaration" => {
                    let below = value(parts[1], &text).as_str().expect("a module's path is a literal").to_owned();
                    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
                    let path = folder.join(below).to_string_lossy().into_owned();
                    let body = parts.last().map(|body| value(unwrapped(*body), &text)).unwrap_or_default();
                    file.modules.push(Module { name: source(parts[0]), path, body });
                }
                "output_declaration" => file.outputs.push(source(parts[0])),
                _ => {}
            }
            is_described = false;
        }
        file
    }

    pub(super) fn var(&self, name: &str) -> &Value {
        let found = self.vars.iter().find(|(var, _)| var == name);
        &found.unwrap_or_else(|| panic!("{} has no var {name}", self.path)).1
    }

    /// What the file makes of a kind.
    pub(super) fn made(&self, kind: &str) -> Vec<&Value> {
        let made = self.resources.iter().filter(|resource| !resource.is_existing && resource.kind == kind);
        made.map(|resource| &resource.body).collect()
    }
}

/// `main.bicep` and every module in `infra/modules`.
pub(super) fn all() -> Vec<File> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(Path::new(ROOT).join("infra/modules"))
        .unwrap()
        .map(|entry| Path::new("infra/modules").join(entry.unwrap().file_name()))
        .collect();
    paths.push("infra/main.bicep".into());
    paths.sort();
    paths.iter().map(|path| File::read(path.to_str().unwrap())).collect()
}

fn resource(node: Node, text: &str) -> Resource {
    let parts = named(node);
    let kind = value(parts[1], text).as_str().expect("a resource's kind is a literal").to_owned();
    let (kind, version) = kind.split_once('@').unwrap_or((&kind, ""));
    assert!(version.starts_with("20"), "{kind} has no API version");
    let is_existing = node.children(&mut node.walk()).any(|child| child.kind() == "existing");
    let body = parts.last().map(|body| value(unwrapped(*body), text)).unwrap_or_default();
    Resource { kind: kind.to_owned(), is_existing, body }
}

/// The object in a loop, a condition, or both.
fn unwrapped(node: Node) -> Node {
    match node.kind() {
        "for_statement" | "if_statement" => unwrapped(named(node).pop().expect("something is repeated")),
        _ => node,
    }
}

fn value(node: Node, text: &str) -> Value {
    let source = &text[node.byte_range()];
    match node.kind() {
        "object" => {
            let properties = named(node).into_iter().filter(|child| child.kind() == "object_property");
            let properties = properties.filter_map(|property| match named(property)[..] {
                [key, inner] => Some((text[key.byte_range()].trim_matches('\'').to_owned(), value(inner, text))),
                // A nested resource.
                _ => None,
            });
            Value::Object(properties.collect::<Map<_, _>>())
        }
        "array" => named(node).into_iter().map(|inner| value(inner, text)).collect(),
        "boolean" => Value::Bool(source == "true"),
        "number" => source.parse::<u64>().map_or_else(|_| source.into(), Value::from),
        "string" if !source.contains("${") => source.trim_matches('\'').replace("\\'", "'").into(),
        _ => format!("={source}").into(),
    }
}

/// Comments may stand anywhere and are nobody's part.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut walk = node.walk();
    node.named_children(&mut walk).filter(|child| !child.is_extra()).collect()
}

fn assert_sound(node: Node, path: &str, text: &str) {
    let line = node.start_position().row + 1;
    assert!(!node.is_error() && !node.is_missing(), "{path}:{line}: not Bicep: {}", &text[node.byte_range()]);
    node.children(&mut node.walk()).for_each(|child| assert_sound(child, path, text));
}
