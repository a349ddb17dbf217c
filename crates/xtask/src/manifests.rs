//! Whether every dependency a crate names is one it uses.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates whose sources call them by another name.
const OTHER_NAMES: [(&str, &str); 1] = [("iban_validate", "iban")];

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // Tests share modules with those of other crates.
            for shared in text.split("#[path = \"").skip(1).filter_map(|rest| rest.split_once('"')) {
                into.push_str(&fs::read_to_string(folder.join(shared.0)).unwrap_or_default());
            }
            into.push_str(&text);
        }
    }
}

/// The dependencies a manifest names, as sources would call them.
fn named(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']).ends_with("dependencies");
        } else if let (true, Some((name, _))) = (inside, line.split_once(['.', '='])) {
            let name = name.trim();
            let known = OTHER_NAMES.iter().find(|(own, _)| *own == name).map(|(_, other)| (*other).to_owned());
            names.insert(known.unwrap_or_else(|| name.replace('-', "_")));
        }
    }
    names.retain(|name| !name.is_empty() && !name.starts_with('#'));
    names
}

/// The words of a text.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

#[test]
fn nobody_waits_for_a_crate_they_do_not_use() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let members: Vec<PathBuf> = fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path()).collect();
    let (mut unused, mut seen) = (Vec::new(), 0);
    for member in members.iter().filter(|path| path.join("Cargo.toml").is_file()) {
        let mut text = String::new();
        sources(member, &mut text);
        let said = words(&text);
        for name in named(&fs::read_to_string(member.join("Cargo.toml")).unwrap()) {
            seen += 1;
            if !said.contains(name.as_str()) {
                unused.push(format!("{}: {name}", member.display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} dependencies were read");
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn names_are_read_from_every_list_of_a_manifest() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nsea-orm.workspace = true\n# a remark\niban_validate = \"5\"\n\
        [dev-dependencies]\ntempfile = { version = \"3\" }\n[lints]\nworkspace = true\n";
    assert_eq!(named(manifest), ["iban", "sea_orm", "tempfile"].map(str::to_owned).into());
}
