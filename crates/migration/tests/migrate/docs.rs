//! The committed pages are the generated ones. `UPDATE_SCHEMA_DOCS=1` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use migration::describe;

#[test]
fn committed_pages_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let update = std::env::var_os("UPDATE_SCHEMA_DOCS").is_some();
    let mut wanted = BTreeSet::new();
    for (path, content) in describe::pages() {
        let file = root.join(&path);
        if update {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &content).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == content, "{path} is out of date: run with UPDATE_SCHEMA_DOCS=1");
        wanted.insert(file.file_name().unwrap().to_owned());
    }
    let there = std::fs::read_dir(root.join(describe::FOLDER)).unwrap();
    let there: BTreeSet<_> = there.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, wanted, "pages nobody writes");
}

#[test]
fn every_area_has_a_diagram() {
    let diagram = describe::erd("inquiry_quote").unwrap();
    assert!(diagram.starts_with("erDiagram\n"));
    assert!(diagram.contains("    inquiries ||--o{ quotes : inquiry_id\n"));
    assert!(describe::erd("links").is_none());
    assert!(describe::erd_svg("oauth").unwrap().contains("oauth_clients"));
}
