//! The pages of `docs/schema`, written from the descriptions the migrations are made of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::blueprint::{Column, Default, Index, OnDelete, Protection, Table};
use crate::diagram;
use crate::steps::{Area, areas};

/// Where the pages lie in the repository.
pub const FOLDER: &str = "docs/schema";

/// Every page with its path from the root of the repository: an index, and for each area a page, a
/// Mermaid diagram and a picture.
pub fn pages() -> Vec<(String, String)> {
    let homes = homes();
    let mut pages = vec![(format!("{FOLDER}/README.md"), index())];
    for area in documented() {
        let name = area.name;
        pages.push((format!("{FOLDER}/{name}.md"), area_page(area, &homes)));
        pages.push((format!("{FOLDER}/{name}.mmd"), diagram::mermaid(&area.tables())));
        pages.push((format!("{FOLDER}/{name}.svg"), diagram::svg(area.title, &area.tables())));
    }
    pages
}

/// The Mermaid diagram of an area; none when there is no such area.
pub fn erd(area: &str) -> Option<String> {
    documented().find(|candidate| candidate.name == area).map(|area| diagram::mermaid(&area.tables()))
}

/// The picture of an area; none when there is no such area.
pub fn erd_svg(area: &str) -> Option<String> {
    documented().find(|candidate| candidate.name == area).map(|area| diagram::svg(area.title, &area.tables()))
}

/// The areas that have pages and diagrams.
pub fn documented_areas() -> impl Iterator<Item = &'static str> {
    documented().map(|area| area.name)
}

/// Areas that make tables; the last one only links them.
fn documented() -> impl Iterator<Item = &'static Area> {
    areas().iter().filter(|area| !area.tables().is_empty())
}

/// Which area each table lives in.
fn homes() -> BTreeMap<&'static str, &'static str> {
    documented().flat_map(|area| area.tables().into_iter().map(|table| (table.name, area.name))).collect()
}

fn index() -> String {
    let mut page = String::from(
        "# The schema\n\nWritten by `hairline db describe` from the migrations in `crates/migration`; not edited by hand.\n\n\
         Identifiers are UUIDs in CHAR(36), instants UTC, amounts DECIMAL(10,2), closed lists of values VARCHAR with a\n\
         CHECK. Rows of a table marked *no delete* are never deleted, those of one marked *append only* never changed\n\
         either: triggers refuse it. Six of them let the columns named there be emptied, and nothing else.\n\n",
    );
    for area in documented() {
        let _ = write!(page, "## [{}]({}.md)\n\n{}\n\n", area.title, area.name, area.about);
        for table in area.tables() {
            let _ = writeln!(page, "- [{0}]({1}.md#{0}): {2}", table.name, area.name, table.purpose);
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn area_page(area: &Area, homes: &BTreeMap<&str, &str>) -> String {
    let mut page = format!("# {}\n\n{}\n\n![Tables of this area]({}.svg)\n", area.title, area.about, area.name);
    for table in area.tables() {
        table_section(&mut page, &table, homes);
    }
    page
}

fn table_section(page: &mut String, table: &Table, homes: &BTreeMap<&str, &str>) {
    let _ = write!(page, "\n## {}\n\n{}", table.name, escape(table.purpose));
    match table.protection {
        Protection::None => {}
        Protection::NoDelete => page.push_str(" *No delete.*"),
        Protection::AppendOnly if table.emptiable.is_empty() => page.push_str(" *Append only.*"),
        Protection::AppendOnly => {
            let _ = write!(
                page,
                " *Append only*; once its time is over, these are emptied: {}.",
                table.emptiable.join(", ")
            );
        }
    }
    page.push_str("\n\n| column | type | null | default | key | notes |\n|---|---|---|---|---|---|\n");
    for column in &table.columns {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            column.name,
            column.kind.label(),
            if column.nullable { "yes" } else { "" },
            column.default.map(default_text).unwrap_or_default(),
            key_text(table, column, homes),
            notes(column)
        );
    }
    if !table.indexes.is_empty() {
        page.push('\n');
        for index in &table.indexes {
            let _ = writeln!(page, "- {}", index_text(index));
        }
    }
    if !table.checks.is_empty() {
        page.push('\n');
        for check in &table.checks {
            let _ = writeln!(page, "- check `{}`: `{}`", check.name, check.condition);
        }
    }
}

fn default_text(default: Default) -> String {
    match default {
        Default::Text(text) => format!("`{text}`"),
        Default::Number(number) => number.to_owned(),
        Default::Bool(value) => value.to_string(),
        Default::Now => "now".to_owned(),
    }
}

fn key_text(table: &Table, column: &Column, homes: &BTreeMap<&str, &str>) -> String {
    let mut parts = Vec::new();
    if table.primary.contains(&column.name) {
        parts.push("primary".to_owned());
    }
    if let Some(key) = &column.foreign {
        let rule = match key.on_delete {
            OnDelete::Restrict => "",
            OnDelete::Cascade => ", cascades",
            OnDelete::SetNull => ", set null",
        };
        let home = homes.get(key.table).copied().unwrap_or_default();
        parts.push(format!("[{0}]({home}.md#{0}).{1}{rule}", key.table, key.on));
    }
    parts.join(", ")
}

fn notes(column: &Column) -> String {
    let mut parts = Vec::new();
    if let Some(inside) = column.encrypted {
        parts.push(format!("encrypted {inside}"));
    }
    if !column.one_of.is_empty() {
        let values: Vec<String> = column.one_of.iter().map(|value| format!("`{value}`")).collect();
        parts.push(format!("one of {}", values.join(", ")));
    }
    parts.extend(column.note.map(escape));
    parts.join("; ")
}

fn index_text(index: &Index) -> String {
    let kind = if index.unique { "unique" } else { "index" };
    let condition = index.when.map(|when| format!(" where `{when}`")).unwrap_or_default();
    format!("{kind} `{}` on {}{condition}", index.name, index.columns.join(", "))
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*")
}
