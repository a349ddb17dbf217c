//! The column type of encrypted values.

use std::fmt;
use std::marker::PhantomData;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, IntoActiveValue, QueryResult, TryGetError, TryGetable, Value};

/// A `T` as it lies in the database: ciphertext, readable only through the key ring.
///
/// There is no way from a plain value to a `Sealed` but `KeyRing::seal`, and none back but
/// `KeyRing::open`: a column of this type cannot be written in clear by mistake (R-ID-62).
pub struct Sealed<T>(String, PhantomData<fn() -> T>);

impl<T> Sealed<T> {
    /// Takes text that already is ciphertext: for the key ring and for migrations of old rows.
    pub fn from_ciphertext(text: impl Into<String>) -> Self {
        Self(text.into(), PhantomData)
    }

    /// The stored text.
    pub fn ciphertext(&self) -> &str {
        &self.0
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Sealed<T> {}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sealed]")
    }
}

impl<T> From<Sealed<T>> for Value {
    fn from(sealed: Sealed<T>) -> Self {
        Value::from(sealed.0)
    }
}

impl<T> TryGetable for Sealed<T> {
    fn try_get_by<I: ColIdx>(res: &QueryResult, index: I) -> Result<Self, TryGetError> {
        String::try_get_by(res, index).map(Self::from_ciphertext)
    }
}

impl<T> ValueType for Sealed<T> {
    fn try_from(v: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(v).map(Self::from_ciphertext)
    }
    fn type_name() -> String {
        "Sealed".into()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}

impl<T> Nullable for Sealed<T> {
    fn null() -> Value {
        Value::String(None)
    }
}

impl<T> IntoActiveValue<Sealed<T>> for Sealed<T> {
    fn into_active_value(self) -> sea_orm::ActiveValue<Sealed<T>> {
        sea_orm::ActiveValue::Set(self)
    }
}
