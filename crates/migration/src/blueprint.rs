//! How a step describes tables: names, types, keys and rules, free of any database's dialect.

pub use crate::columns::{Column, ColumnType, Default, ForeignKey, OnDelete};

/// The longest name MySQL takes is 64 characters; some room is left for suffixes.
const NAME_LIMIT: usize = 60;

/// What one step does, in order.
#[derive(Debug, Default)]
pub struct Schema {
    /// The changes so far.
    pub operations: Vec<Operation>,
}

/// One change of the schema.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Creates a table with its indexes, checks and protecting triggers.
    Create(Table),
    /// Drops a table.
    Drop(&'static str),
    /// Adds foreign keys that had to wait for their target. SQLite has had them since the table was made.
    AddForeign(&'static str, Vec<ForeignKey>),
    /// Drops foreign keys, named by their columns.
    DropForeign(&'static str, Vec<&'static str>),
    /// Lets these columns of an append-only table be emptied, and nothing else of its rows be changed.
    LetEmpty(&'static str, Vec<&'static str>),
    /// Refuses every change of an append-only table's rows again.
    RefuseEmpty(&'static str),
}

impl Schema {
    /// Creates a table.
    pub fn create(&mut self, name: &'static str, build: impl FnOnce(&mut Blueprint)) {
        let mut blueprint = Blueprint { table: Table::new(name) };
        build(&mut blueprint);
        blueprint.table.finish();
        self.operations.push(Operation::Create(blueprint.table));
    }

    /// Drops a table.
    pub fn drop(&mut self, name: &'static str) {
        self.operations.push(Operation::Drop(name));
    }

    /// Adds the foreign keys a table announced with [`Column::later`].
    pub fn link(&mut self, table: &'static str, build: impl FnOnce(&mut Links)) {
        let mut links = Links { table, keys: Vec::new() };
        build(&mut links);
        self.operations.push(Operation::AddForeign(table, links.keys));
    }

    /// Drops the foreign keys of these columns.
    pub fn unlink(&mut self, table: &'static str, columns: &[&'static str]) {
        self.operations.push(Operation::DropForeign(table, columns.to_vec()));
    }

    /// Lets these columns of an append-only table be emptied once their time is over. A column that may be NULL becomes
    /// NULL, a text `''`, JSON `{}`; every other column keeps its value.
    pub fn let_empty(&mut self, table: &'static str, columns: &[&'static str]) {
        self.operations.push(Operation::LetEmpty(table, columns.to_vec()));
    }

    /// Takes [`Schema::let_empty`] back.
    pub fn refuse_empty(&mut self, table: &'static str) {
        self.operations.push(Operation::RefuseEmpty(table));
    }
}

/// Foreign keys added to a table that exists.
#[derive(Debug)]
pub struct Links {
    table: &'static str,
    keys: Vec<ForeignKey>,
}

impl Links {
    /// Adds a foreign key.
    pub fn foreign(&mut self, column: &'static str, table: &'static str, on: &'static str, on_delete: OnDelete) {
        let name = short_name(&["fk", self.table, column]);
        self.keys.push(ForeignKey { name, column, table, on, on_delete, later: true });
    }
}

/// A table as it shall be.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What it holds, in a sentence.
    pub purpose: &'static str,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The columns of the primary key.
    pub primary: Vec<&'static str>,
    /// Unique and plain indexes.
    pub indexes: Vec<Index>,
    /// Rules on the values of a row.
    pub checks: Vec<Check>,
    /// Whether rows may be deleted or changed.
    pub protection: Protection,
    /// The columns of an append-only table that may be emptied.
    pub emptiable: Vec<&'static str>,
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name in the database.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<&'static str>,
    /// Whether two rows may not agree in all columns.
    pub unique: bool,
    /// The rows a unique index is limited to, as a condition.
    pub when: Option<&'static str>,
}

impl Index {
    /// Limits a unique index to the rows that meet a condition.
    pub fn when(&mut self, condition: &'static str) -> &mut Self {
        self.when = Some(condition);
        self
    }

    /// Gives the index a name of its own.
    pub fn named(&mut self, name: &str) -> &mut Self {
        self.name = name.to_owned();
        self
    }

    /// The hidden column that stands for the condition where partial indexes do not exist.
    pub fn guard(&self) -> Option<String> {
        self.when.map(|_| format!("{}_on", self.name))
    }
}

/// A named rule on the values of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name in the database.
    pub name: String,
    /// The condition every row meets.
    pub condition: String,
}

/// What triggers refuse on a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Nothing.
    None,
    /// Deleting rows.
    NoDelete,
    /// Deleting and changing rows.
    AppendOnly,
}

/// Collects the parts of one table.
#[derive(Debug)]
pub struct Blueprint {
    pub(crate) table: Table,
}

impl Blueprint {
    /// Says what the table holds.
    pub fn purpose(&mut self, text: &'static str) {
        self.table.purpose = text;
    }

    /// Sets the columns of the primary key.
    pub fn primary(&mut self, columns: &[&'static str]) {
        self.table.primary = columns.to_vec();
    }

    /// No two rows agree in these columns.
    pub fn unique(&mut self, columns: &[&'static str]) -> &mut Index {
        self.index_of("uq", columns, true)
    }

    /// Rows are looked up by these columns.
    pub fn index(&mut self, columns: &[&'static str]) -> &mut Index {
        self.index_of("idx", columns, false)
    }

    fn index_of(&mut self, prefix: &str, columns: &[&'static str], unique: bool) -> &mut Index {
        let mut parts = vec![prefix, self.table.name];
        parts.extend(columns);
        let index = Index { name: short_name(&parts), columns: columns.to_vec(), unique, when: None };
        self.table.indexes.push_mut(index)
    }

    /// Every row meets this condition. Written so that all three databases understand it.
    pub fn check(&mut self, condition: &'static str) {
        let number = self.table.checks.len() + 1;
        let name = short_name(&["chk", self.table.name, &number.to_string()]);
        self.table.checks.push(Check { name, condition: condition.to_owned() });
    }

    /// Rows are never deleted.
    pub fn no_delete(&mut self) {
        self.table.protection = Protection::NoDelete;
    }

    /// Rows are never deleted and never changed.
    pub fn append_only(&mut self) {
        self.table.protection = Protection::AppendOnly;
    }
}

impl Table {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            purpose: "",
            columns: Vec::new(),
            primary: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            protection: Protection::None,
            emptiable: Vec::new(),
        }
    }

    /// Draws the conclusions: names of foreign keys, checks of closed lists, indexes foreign keys need.
    fn finish(&mut self) {
        let mut lists = Vec::new();
        for column in &mut self.columns {
            if let Some(key) = &mut column.foreign {
                key.name = short_name(&["fk", self.name, column.name]);
            }
            // The list of an encrypted column is a promise about the text inside.
            if !column.one_of.is_empty() && column.encrypted.is_none() {
                let values: Vec<String> = column.one_of.iter().map(|value| format!("'{value}'")).collect();
                lists.push(Check {
                    name: short_name(&["chk", self.name, column.name]),
                    condition: format!("{} IN ({})", column.name, values.join(",")),
                });
            }
        }
        lists.append(&mut self.checks);
        self.checks = lists;
        let keyed: Vec<&'static str> = self.foreign_keys().map(|key| key.column).collect();
        for column in keyed {
            if !self.leads_an_index(column) {
                let name = short_name(&["idx", self.name, column]);
                self.indexes.push(Index { name, columns: vec![column], unique: false, when: None });
            }
        }
    }

    /// MySQL makes an index for a foreign key that has none: here they are all made by name.
    fn leads_an_index(&self, column: &str) -> bool {
        self.primary.first() == Some(&column)
            || self.indexes.iter().any(|index| index.when.is_none() && index.columns.first() == Some(&column))
    }

    /// The foreign keys in the order of their columns.
    pub fn foreign_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.columns.iter().filter_map(|column| column.foreign.as_ref())
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The name of the trigger that refuses deletes or changes.
    pub fn trigger(&self, event: &str) -> String {
        short_name(&["trg", self.name, event])
    }
}

/// Joins the parts to a name; one that would be too long ends in a hash of itself.
pub fn short_name(parts: &[&str]) -> String {
    let name = parts.join("_");
    if name.len() <= NAME_LIMIT {
        return name;
    }
    // FNV-1a: any stable hash does, this one is four lines.
    let mut hash: u32 = 0x811c_9dc5;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    let kept: String = name.chars().take(NAME_LIMIT - 9).collect();
    format!("{}_{hash:08x}", kept.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn long_names_are_shortened_and_stay_distinct() {
        assert_eq!(short_name(&["fk", "quotes", "inquiry_id"]), "fk_quotes_inquiry_id");
        let long = "aftercare_milestone_definition_questionnaires";
        let one = short_name(&["fk", long, "milestone_definition_id"]);
        let two = short_name(&["fk", long, "milestone_definition_no"]);
        assert!(one.len() <= 60 && two.len() <= 60);
        assert_ne!(one, two);
    }
}
