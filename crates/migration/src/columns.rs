//! Columns and their types.

use crate::blueprint::Blueprint;

/// A column as it shall be.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
    /// Whether it may be empty.
    pub nullable: bool,
    /// What stands there when nothing is given.
    pub default: Option<Default>,
    /// The row of another table it names.
    pub foreign: Option<ForeignKey>,
    /// The only values it may have.
    pub one_of: &'static [&'static str],
    /// Holds ciphertext; the type of the text inside.
    pub encrypted: Option<&'static str>,
    /// A remark for readers.
    pub note: Option<&'static str>,
}

/// The types a column may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A UUID as CHAR(36).
    Uuid,
    /// A counter that numbers the rows: BIGINT AUTO_INCREMENT.
    Increments,
    /// Text of a fixed length.
    Char(u32),
    /// Text up to a length.
    String(u32),
    /// Text of up to 64 KiB.
    Text,
    /// Text of up to 4 GiB.
    LongText,
    /// JSON.
    Json,
    /// True or false.
    Boolean,
    /// 16 bits.
    SmallInteger,
    /// 32 bits.
    Integer,
    /// 64 bits.
    BigInteger,
    /// Exact decimals: all digits, digits behind the point.
    Decimal(u32, u32),
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant in UTC, whole seconds.
    Timestamp,
    /// An instant in UTC with microseconds.
    TimestampMicros,
}

/// What stands in a column when nothing is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// A text, also for JSON and times.
    Text(&'static str),
    /// A number as it is written.
    Number(&'static str),
    /// True or false.
    Bool(bool),
    /// The present instant.
    Now,
}

/// A reference to a row of another table.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Its name in the database.
    pub name: String,
    /// The referring column.
    pub column: &'static str,
    /// The table referred to.
    pub table: &'static str,
    /// The column referred to.
    pub on: &'static str,
    /// What a delete of the target does.
    pub on_delete: OnDelete,
    /// The target is made by a later step, and the key on MySQL after it.
    pub later: bool,
}

/// What deleting the target of a reference does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// It is refused.
    Restrict,
    /// It deletes the referring rows.
    Cascade,
    /// It empties the referring column.
    SetNull,
}

impl Column {
    /// May be empty.
    pub fn nullable(&mut self) -> &mut Self {
        self.nullable = true;
        self
    }

    /// Text that stands there when nothing is given.
    pub fn default(&mut self, text: &'static str) -> &mut Self {
        self.default = Some(Default::Text(text));
        self
    }

    /// A number that stands there when nothing is given.
    pub fn default_number(&mut self, number: &'static str) -> &mut Self {
        self.default = Some(Default::Number(number));
        self
    }

    /// The truth value when nothing is given.
    pub fn default_bool(&mut self, value: bool) -> &mut Self {
        self.default = Some(Default::Bool(value));
        self
    }

    /// The present instant when nothing is given. The application always gives one.
    pub fn use_current(&mut self) -> &mut Self {
        self.default = Some(Default::Now);
        self
    }

    /// Refuses every other value.
    pub fn one_of(&mut self, values: &'static [&'static str]) -> &mut Self {
        self.one_of = values;
        self
    }

    /// Names a row of another table, which then cannot be deleted.
    pub fn references(&mut self, table: &'static str, on: &'static str) -> &mut Self {
        let (name, column) = (String::new(), self.name);
        self.foreign = Some(ForeignKey { name, column, table, on, on_delete: OnDelete::Restrict, later: false });
        self
    }

    /// Deleting the target deletes this row.
    pub fn cascade(&mut self) -> &mut Self {
        self.on_delete(OnDelete::Cascade)
    }

    /// Deleting the target empties this column.
    pub fn set_null(&mut self) -> &mut Self {
        self.on_delete(OnDelete::SetNull)
    }

    /// The target comes in a later step, which also adds the key (see [`crate::Schema::link`]).
    pub fn later(&mut self) -> &mut Self {
        if let Some(key) = &mut self.foreign {
            key.later = true;
        }
        self
    }

    fn on_delete(&mut self, action: OnDelete) -> &mut Self {
        if let Some(key) = &mut self.foreign {
            key.on_delete = action;
        }
        self
    }

    /// Holds ciphertext of a value of this type.
    pub fn encrypted(&mut self, logical: &'static str) -> &mut Self {
        self.encrypted = Some(logical);
        self
    }

    /// A remark for readers of the schema.
    pub fn note(&mut self, text: &'static str) -> &mut Self {
        self.note = Some(text);
        self
    }
}

impl ColumnType {
    /// The type as the documentation writes it.
    pub fn label(self) -> String {
        match self {
            Self::Uuid => "UUID".into(),
            Self::Increments => "BIGINT AUTO_INCREMENT".into(),
            Self::Char(length) => format!("CHAR({length})"),
            Self::String(length) => format!("VARCHAR({length})"),
            Self::Text => "TEXT".into(),
            Self::LongText => "LONGTEXT".into(),
            Self::Json => "JSON".into(),
            Self::Boolean => "BOOLEAN".into(),
            Self::SmallInteger => "SMALLINT".into(),
            Self::Integer => "INTEGER".into(),
            Self::BigInteger => "BIGINT".into(),
            Self::Decimal(digits, scale) => format!("DECIMAL({digits},{scale})"),
            Self::Date => "DATE".into(),
            Self::Time => "TIME".into(),
            Self::Timestamp => "TIMESTAMP".into(),
            Self::TimestampMicros => "TIMESTAMP(6)".into(),
        }
    }
}

/// One constructor per type, as Laravel names them.
impl Blueprint {
    /// The usual key: a UUID in `id`.
    pub fn id(&mut self) -> &mut Column {
        self.table.primary = vec!["id"];
        self.uuid("id")
    }

    /// A counter that numbers the rows and is the key.
    pub fn increments(&mut self, name: &'static str) -> &mut Column {
        self.table.primary = vec![name];
        self.column(name, ColumnType::Increments)
    }

    /// A UUID as CHAR(36).
    pub fn uuid(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Uuid)
    }

    /// Text of a fixed length.
    pub fn char(&mut self, name: &'static str, length: u32) -> &mut Column {
        self.column(name, ColumnType::Char(length))
    }

    /// Text up to a length.
    pub fn string(&mut self, name: &'static str, length: u32) -> &mut Column {
        self.column(name, ColumnType::String(length))
    }

    /// Text of up to 64 KiB.
    pub fn text(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Text)
    }

    /// Text of up to 4 GiB.
    pub fn long_text(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::LongText)
    }

    /// JSON.
    pub fn json(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Json)
    }

    /// True or false.
    pub fn boolean(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Boolean)
    }

    /// 16 bits.
    pub fn small_integer(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::SmallInteger)
    }

    /// 32 bits.
    pub fn integer(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Integer)
    }

    /// 64 bits.
    pub fn big_integer(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::BigInteger)
    }

    /// Exact decimals.
    pub fn decimal(&mut self, name: &'static str, digits: u32, scale: u32) -> &mut Column {
        self.column(name, ColumnType::Decimal(digits, scale))
    }

    /// A calendar day.
    pub fn date(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Date)
    }

    /// A time of day.
    pub fn time(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Time)
    }

    /// An instant in UTC.
    pub fn timestamp(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::Timestamp)
    }

    /// An instant in UTC with microseconds.
    pub fn timestamp_micros(&mut self, name: &'static str) -> &mut Column {
        self.column(name, ColumnType::TimestampMicros)
    }

    fn column(&mut self, name: &'static str, kind: ColumnType) -> &mut Column {
        let column = Column {
            name,
            kind,
            nullable: false,
            default: None,
            foreign: None,
            one_of: &[],
            encrypted: None,
            note: None,
        };
        self.table.columns.push_mut(column)
    }
}
