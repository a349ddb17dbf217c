//! Money: exact, two decimals in the database, rounded half away from zero.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ActiveValue, ColIdx, DbErr, IntoActiveValue, QueryResult, TryGetError, TryGetable, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount as a DECIMAL(10,2) column holds it: scale 2, at most 99 999 999.99 either way.
///
/// Both databases get and give the same value, whatever they would do with more digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, 2));
    const LIMIT: Decimal = Decimal::from_parts(1_410_065_407, 2, 0, false, 2);

    /// Rounds half away from zero to two decimals; `None` beyond the column's range.
    pub fn new(value: Decimal) -> Option<Self> {
        let value = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        (value.abs() <= Self::LIMIT).then(|| Self::exact(value))
    }

    /// A value in range with scale 2 and without a negative zero, which would be written as `-0`.
    fn exact(mut value: Decimal) -> Self {
        if value.is_zero() {
            return Self::ZERO;
        }
        value.rescale(2);
        Self(value)
    }

    /// Whole units, for constants and tests.
    pub fn from_units(units: i32) -> Self {
        let mut value = Decimal::from(units);
        value.rescale(2);
        Self(value)
    }

    /// The number.
    pub fn get(self) -> Decimal {
        self.0
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    /// Exactly zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// `percent` of this amount, rounded half up; `None` beyond the column's range.
    pub fn percent(self, percent: Decimal) -> Option<Self> {
        Self::new(self.0 * percent / Decimal::ONE_HUNDRED)
    }

    /// Times a factor (a rate, a count), rounded half up; `None` beyond the column's range.
    pub fn times(self, factor: Decimal) -> Option<Self> {
        self.0.checked_mul(factor).and_then(Self::new)
    }

    /// The sum, or `None` beyond the column's range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0 + other.0)
    }
}

/// Saturating at the column's limit: callers that can exceed it use [`Amount::checked_add`].
impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::exact((self.0 + other.0).clamp(-Self::LIMIT, Self::LIMIT))
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::exact((self.0 - other.0).clamp(-Self::LIMIT, Self::LIMIT))
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self::exact(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is no amount (R-IQ section 10, `invalid_amount`).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount with at most two decimals")]
pub struct InvalidAmount;

impl FromStr for Amount {
    type Err = InvalidAmount;

    /// Reads plain decimal notation: digits, at most one point and two decimals. No exponent.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let digits = s.strip_prefix('-').unwrap_or(s);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || fraction.len() > 2 {
            return Err(InvalidAmount);
        }
        s.parse::<Decimal>().ok().and_then(Self::new).ok_or(InvalidAmount)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Amount {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^-?\d+(\.\d{1,2})?$"))
            .examples(["540.98"])
            .into()
    }
}

impl utoipa::ToSchema for Amount {}

/// A sum over many amounts, with two decimals: no column holds it, and it may be larger than one could.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MoneySum(Decimal);

impl MoneySum {
    /// The number.
    pub fn get(self) -> Decimal {
        self.0
    }

    /// Exactly zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// One amount more.
    pub fn plus(self, amount: Amount) -> Self {
        Self(self.0 + amount.get())
    }

    /// One amount less.
    pub fn minus(self, amount: Amount) -> Self {
        Self(self.0 - amount.get())
    }
}

impl Add for MoneySum {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for MoneySum {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for MoneySum {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for MoneySum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A zero has no sign.
        let value = if self.0.is_zero() { Decimal::ZERO } else { self.0 };
        f.pad(&format!("{value:.2}"))
    }
}

impl Serialize for MoneySum {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MoneySum {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for MoneySum {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Amount::schema()
    }
}

impl utoipa::ToSchema for MoneySum {}

impl From<Amount> for Value {
    fn from(amount: Amount) -> Self {
        Value::Decimal(Some(amount.0))
    }
}

impl TryGetable for Amount {
    fn try_get_by<I: ColIdx>(res: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let value = Decimal::try_get_by(res, index)?;
        Self::new(value).ok_or_else(|| TryGetError::DbErr(DbErr::Type(format!("amount out of range: {value}"))))
    }
}

impl ValueType for Amount {
    fn try_from(v: Value) -> Result<Self, ValueTypeErr> {
        <Decimal as ValueType>::try_from(v).and_then(|value| Self::new(value).ok_or(ValueTypeErr))
    }
    fn type_name() -> String {
        "Amount".into()
    }
    fn array_type() -> ArrayType {
        ArrayType::Decimal
    }
    fn column_type() -> ColumnType {
        ColumnType::Decimal(Some((10, 2)))
    }
}

impl Nullable for Amount {
    fn null() -> Value {
        Value::Decimal(None)
    }
}

impl IntoActiveValue<Amount> for Amount {
    fn into_active_value(self) -> ActiveValue<Amount> {
        ActiveValue::Set(self)
    }
}

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Turkish lira.
    pub const TRY: Self = Self(*b"TRY");

    /// The three letters.
    pub fn code(&self) -> &str {
        // Built from ASCII letters only.
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Digits behind the point of the smallest unit (ISO 4217).
    pub fn minor_digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            _ => 2,
        }
    }

    /// Rounds half away from zero at this currency's smallest unit; `None` beyond the column's range.
    pub fn round(&self, value: Decimal) -> Option<Amount> {
        Amount::new(value.round_dp_with_strategy(self.minor_digits(), RoundingStrategy::MidpointAwayFromZero))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a text is no currency code (`invalid_currency`).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 4217 currency code")]
pub struct InvalidCurrency;

impl FromStr for Currency {
    type Err = InvalidCurrency;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match <[u8; 3]>::try_from(s.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(InvalidCurrency),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Currency {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .examples(["GBP"])
            .into()
    }
}

impl utoipa::ToSchema for Currency {}

impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        Value::from(currency.code())
    }
}

impl TryGetable for Currency {
    fn try_get_by<I: ColIdx>(res: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(res, index)?;
        text.parse().map_err(|err| TryGetError::DbErr(DbErr::Type(format!("{text}: {err}"))))
    }
}

impl ValueType for Currency {
    fn try_from(v: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(v).and_then(|text| text.parse().map_err(|_| ValueTypeErr))
    }
    fn type_name() -> String {
        "Currency".into()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::Char(Some(3))
    }
}

impl Nullable for Currency {
    fn null() -> Value {
        Value::String(None)
    }
}

impl IntoActiveValue<Currency> for Currency {
    fn into_active_value(self) -> ActiveValue<Currency> {
        ActiveValue::Set(self)
    }
}

/// An amount in a currency: `{"amount":"540.98","currency":"GBP"}` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// An amount in a currency.
    pub fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(s: &str) -> Amount {
        s.parse().unwrap()
    }

    #[test]
    fn a_total_is_not_bound_by_a_column() {
        let much = Amount::from_units(99_999_999);
        let sum = (0..3).fold(MoneySum::default(), |sum, _| sum.plus(much));
        assert_eq!((sum.to_string().as_str(), (-sum).to_string().as_str()), ("299999997.00", "-299999997.00"));
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!((text.as_str(), serde_json::from_str::<MoneySum>(&text).unwrap()), ("\"299999997.00\"", sum));
        assert_eq!((sum - sum).to_string(), "0.00");
    }

    /// R-PY-11.
    #[test]
    fn r_py_11_rounds_half_away_from_zero() {
        // GS-2: 18 % of 6,012.45 and 15 % of 333.30.
        assert_eq!(amount("6012.45").percent(Decimal::from(18)), Some(amount("1082.24")));
        assert_eq!(amount("333.30").percent(Decimal::from(15)), Some(amount("50.00")));
        assert_eq!(Amount::new("1.005".parse().unwrap()), Some(amount("1.01")));
        assert_eq!(Amount::new("-1.005".parse().unwrap()), Some(amount("-1.01")));
    }

    #[test]
    fn nothing_is_written_as_plain_zero() {
        let some = amount("540.98");
        for nothing in
            [Amount::ZERO - Amount::ZERO, some - some, -Amount::ZERO, some + -some, Amount::ZERO + Amount::ZERO]
        {
            assert_eq!(nothing.to_string(), "0.00");
        }
        assert_eq!(Amount::new("-0.004".parse().unwrap()).unwrap().to_string(), "0.00");
        assert_eq!((some - Amount::ZERO).to_string(), "540.98");
        assert_eq!((Amount::ZERO - some).to_string(), "-540.98");
    }

    #[test]
    fn refuses_what_the_column_cannot_hold() {
        assert_eq!(Amount::new("99999999.99".parse().unwrap()), Some(amount("99999999.99")));
        assert_eq!(Amount::new("99999999.995".parse().unwrap()), None);
    }

    #[test]
    fn reads_plain_decimals_only() {
        for bad in ["", "-", "1.", ".5", "1.234", "1e3", "NaN", "1,5", " 1", "+1", "100000000.00"] {
            assert_eq!(bad.parse::<Amount>(), Err(InvalidAmount), "{bad}");
        }
        assert_eq!(amount("8950").to_string(), "8950.00");
    }

    #[test]
    fn yen_has_no_decimals() {
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(yen.round("1234.5".parse().unwrap()).unwrap().to_string(), "1235.00");
        assert_eq!("gbp".parse::<Currency>(), Err(InvalidCurrency));
    }

    proptest! {
        #[test]
        fn text_and_back(cents in -9_999_999_999i64..=9_999_999_999) {
            let value = Amount::new(Decimal::new(cents, 2)).unwrap();
            prop_assert_eq!(value.to_string().parse::<Amount>().unwrap(), value);
        }
    }
}
