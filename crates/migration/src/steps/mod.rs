//! The steps in their order, a folder per area, a file per step.

mod aftercare;
mod analytics;
mod communication_reviews;
mod core_users;
mod inquiry_quote;
mod links;
mod oauth;
mod payments_scheduling;
mod platform;
mod providers_patients;
mod recent_additions;
mod redactions;
mod roles_permissions;
mod treatment_travel;

use std::collections::BTreeMap;

use crate::blueprint::{Operation, Schema, Table};

/// One change of the schema, named as Laravel names its migrations.
#[derive(Debug)]
pub struct Step {
    /// The name in the ledger; the order of names is the order of steps.
    pub name: &'static str,
    /// Makes the change.
    pub up: fn(&mut Schema),
    /// Takes it back.
    pub down: fn(&mut Schema),
}

/// Tables that belong together.
#[derive(Debug)]
pub struct Area {
    /// A short name, also of its page in `docs/schema`.
    pub name: &'static str,
    /// A heading.
    pub title: &'static str,
    /// What lies in it, in a sentence.
    pub about: &'static str,
    /// Its steps in order.
    pub steps: &'static [Step],
}

static AREAS: &[Area] = &[
    core_users::AREA,
    platform::AREA,
    oauth::AREA,
    roles_permissions::AREA,
    providers_patients::AREA,
    inquiry_quote::AREA,
    payments_scheduling::AREA,
    treatment_travel::AREA,
    aftercare::AREA,
    communication_reviews::AREA,
    recent_additions::AREA,
    analytics::AREA,
    links::AREA,
    redactions::AREA,
];

/// The areas in the order in which they are made.
pub fn areas() -> &'static [Area] {
    AREAS
}

impl Area {
    /// The tables this area makes, in order.
    pub fn tables(&self) -> Vec<Table> {
        let emptiable = emptiable();
        let mut made = self.made();
        for table in &mut made {
            table.emptiable = emptiable.get(table.name).cloned().unwrap_or_default();
        }
        made
    }

    /// Its tables as the steps made them, before later ones loosened their protection.
    fn made(&self) -> Vec<Table> {
        let made = self.operations().into_iter().filter_map(|operation| match operation {
            Operation::Create(table) => Some(table),
            _ => None,
        });
        made.collect()
    }

    fn operations(&self) -> Vec<Operation> {
        let mut schema = Schema::default();
        for step in self.steps {
            (step.up)(&mut schema);
        }
        schema.operations
    }
}

/// The columns that may be emptied, by table.
fn emptiable() -> BTreeMap<&'static str, Vec<&'static str>> {
    let operations = areas().iter().flat_map(Area::operations);
    let found = operations.filter_map(|operation| match operation {
        Operation::LetEmpty(table, columns) => Some((table, columns)),
        _ => None,
    });
    found.collect()
}

/// Every table of the schema, in the order of creation.
pub fn tables() -> Vec<Table> {
    let emptiable = emptiable();
    let mut made: Vec<Table> = areas().iter().flat_map(Area::made).collect();
    for table in &mut made {
        table.emptiable = emptiable.get(table.name).cloned().unwrap_or_default();
    }
    made
}

/// A table as it was made, with these columns to be emptied; none when no step makes it.
pub(crate) fn table_with(name: &str, emptiable: &[&'static str]) -> Option<Table> {
    let made = areas().iter().flat_map(Area::made).find(|table| table.name == name);
    made.map(|table| Table { emptiable: emptiable.to_vec(), ..table })
}
