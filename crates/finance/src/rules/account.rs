//! Whether account data can be paid to (R-PY-64).

use iban::{Iban, IbanLike};
use kernel::{Currency, FieldErrors};

/// Characters a holder's name may have beside letters and digits.
const HOLDER_SIGNS: [char; 6] = [' ', '.', ',', '\'', '&', '-'];

/// An account as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Whose account.
    pub holder: String,
    /// Which bank.
    pub bank: String,
    /// Two letters.
    pub country: String,
    /// Three letters: what is paid out.
    pub currency: String,
    /// The international number; this or `number`.
    pub iban: String,
    /// The number where there is no international one.
    pub number: String,
    /// The bank's international code; this or `routing`.
    pub swift: String,
    /// The bank's number in the United States.
    pub routing: String,
    /// The account at the payment gateway, where that pays into accounts of its own: `acct_...`.
    pub connected: String,
}

/// Which number an account has.
#[derive(Clone, PartialEq, Eq)]
pub enum Number {
    /// An international one, in capitals and without spaces.
    Iban(String),
    /// One of its country.
    Local(String),
}

// The number itself never stands in a log.
impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Iban(_) => "Iban([secret])",
            Self::Local(_) => "Local([secret])",
        })
    }
}

impl Number {
    /// The digits and letters, as they are sealed and compared.
    pub fn text(&self) -> &str {
        match self {
            Self::Iban(text) | Self::Local(text) => text,
        }
    }

    /// The last four characters: all that is ever shown.
    pub fn last4(&self) -> String {
        let text = self.text();
        text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned()
    }
}

/// An account that passed every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose account.
    pub holder: String,
    /// Which bank.
    pub bank: String,
    /// Two capitals.
    pub country: String,
    /// What is paid out.
    pub currency: Currency,
    /// Its number.
    pub number: Number,
    /// The bank's international code.
    pub swift: Option<String>,
    /// The bank's number in the United States.
    pub routing: Option<String>,
    /// The account at the payment gateway.
    pub connected: Option<String>,
}

/// Checks what was typed; all faults come together.
pub fn check(typed: &Typed) -> Result<Account, FieldErrors> {
    let mut faults = FieldErrors::new();
    let holder = typed.holder.trim().to_owned();
    let fits = |c: char| c.is_alphanumeric() || HOLDER_SIGNS.contains(&c);
    if !(1..=200).contains(&holder.chars().count()) || !holder.chars().all(fits) {
        faults.add("account_holder_name", "holder_invalid", "1 to 200 letters, digits, spaces and . , ' & -");
    }
    let bank = typed.bank.trim().to_owned();
    if !(1..=200).contains(&bank.chars().count()) || bank.chars().any(char::is_control) {
        faults.add("bank_name", "text_length", "1 to 200 characters.");
    }
    let country = typed.country.trim().to_ascii_uppercase();
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        faults.add("bank_country", "country_invalid", "Give the country as two letters.");
    }
    let currency: Option<Currency> = typed.currency.trim().to_ascii_uppercase().parse().ok();
    if currency.is_none() {
        faults.add("currency", "invalid", "Give the currency as three letters.");
    }
    let number = number(typed, &country, &mut faults);
    let (swift, routing) = (plain(&typed.swift), plain(&typed.routing));
    if !swift.is_empty() && !is_swift(&swift) {
        faults.add("swift_code", "invalid_bic", "This is no valid BIC.");
    }
    if !routing.is_empty() && !is_routing(&routing) {
        faults.add("routing_number", "routing_invalid", "Nine digits, as the bank gives them.");
    }
    if swift.is_empty() && routing.is_empty() {
        faults.add("swift_code", "bank_code_missing", "Give the bank's BIC, or its routing number.");
    }
    let connected = typed.connected.trim().to_owned();
    if !connected.is_empty() && !is_connected(&connected) {
        faults.add("gateway_destination_id", "connected_account_invalid", "The gateway's account begins with acct_.");
    }
    match (faults.is_empty(), currency, number) {
        (true, Some(currency), Some(number)) => Ok(Account {
            holder,
            bank,
            country,
            currency,
            number,
            swift: Some(swift).filter(|it| !it.is_empty()),
            routing: Some(routing).filter(|it| !it.is_empty()),
            connected: Some(connected).filter(|it| !it.is_empty()),
        }),
        _ => Err(faults),
    }
}

/// How the gateway names accounts that are connected to ours.
fn is_connected(text: &str) -> bool {
    let rest = text.strip_prefix("acct_").unwrap_or_default();
    (8..=250).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn number(typed: &Typed, country: &str, faults: &mut FieldErrors) -> Option<Number> {
    let (iban, local) = (plain(&typed.iban), plain(&typed.number));
    if !iban.is_empty() && !local.is_empty() {
        faults.add("account_number", "one_number", "Give one number: the IBAN, or that of the account.");
        return None;
    }
    if !iban.is_empty() {
        // Length by country and the check digits.
        let Ok(read) = iban.parse::<Iban>() else {
            faults.add("iban", "invalid_iban", "This is no valid IBAN.");
            return None;
        };
        if read.country_code() != country {
            faults.add("bank_country", "country_differs", "The IBAN belongs to another country.");
        }
        return Some(Number::Iban(read.electronic_str().to_owned()));
    }
    if local.is_empty() {
        faults.add("iban", "account_missing", "Give the IBAN, or the number of the account.");
        return None;
    }
    if !(4..=34).contains(&local.len()) || !local.bytes().all(|b| b.is_ascii_alphanumeric()) {
        faults.add("account_number", "account_invalid", "4 to 34 letters and digits.");
        return None;
    }
    Some(Number::Local(local))
}

/// Capitals, without the spaces and dashes people put between groups.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase()
}

/// Eight or eleven characters: bank, country, place, branch.
fn is_swift(code: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_uppercase());
    matches!(code.len(), 8 | 11)
        && code.get(..6).is_some_and(letters)
        && code.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Nine digits whose weighted sum ends with a zero.
fn is_routing(code: &str) -> bool {
    if code.len() != 9 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let weights = [3_u32, 7, 1].into_iter().cycle();
    let sum: u32 = code.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum > 0 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            holder: "Bosphorus Hair & Co., Ltd.".into(),
            bank: "Bank of the Strait".into(),
            country: "de".into(),
            currency: "eur".into(),
            iban: "DE75 5121 0800 1245 1261 99".into(),
            swift: "SOGEDEFF".into(),
            ..Typed::default()
        }
    }

    fn faults(change: impl FnOnce(&mut Typed)) -> Vec<String> {
        let mut account = typed();
        change(&mut account);
        let found = check(&account).err().unwrap_or_default();
        found.0.into_iter().map(|(field, all)| format!("{field}:{}", all[0].code)).collect()
    }

    #[test]
    fn r_py_64_a_whole_account() {
        let account = check(&typed()).unwrap();
        assert_eq!(account.number, Number::Iban("DE75512108001245126199".into()));
        assert_eq!((account.number.last4().as_str(), account.country.as_str()), ("6199", "DE"));
        assert_eq!(format!("{:?}", account.number), "Iban([secret])");
        let american = Typed {
            iban: String::new(),
            swift: String::new(),
            country: "US".into(),
            currency: "USD".into(),
            number: "0001-2345-6789".into(),
            routing: "021000021".into(),
            ..typed()
        };
        let account = check(&american).unwrap();
        assert_eq!((account.number.text(), account.routing.as_deref()), ("000123456789", Some("021000021")));
    }

    #[test]
    fn r_py_64_each_part_is_checked() {
        assert_eq!(faults(|it| it.iban = "DE75512108001245126198".into()), ["iban:invalid_iban"], "check digits");
        assert_eq!(
            faults(|it| it.iban = "DE7551210800124512619".into()),
            ["iban:invalid_iban"],
            "length of the country"
        );
        assert_eq!(faults(|it| it.country = "TR".into()), ["bank_country:country_differs"]);
        assert_eq!(faults(|it| it.swift = "SOGEDEF".into()), ["swift_code:invalid_bic"]);
        assert_eq!(faults(|it| it.swift = "SOGEDEFF123".into()), Vec::<String>::new());
        assert_eq!(faults(|it| it.swift = String::new()), ["swift_code:bank_code_missing"]);
        assert_eq!(faults(|it| it.routing = "021000022".into()), ["routing_number:routing_invalid"]);
        assert_eq!(faults(|it| it.routing = "000000000".into()), ["routing_number:routing_invalid"]);
        assert_eq!(faults(|it| it.number = "12345".into()), ["account_number:one_number"]);
        assert_eq!(faults(|it| it.iban = String::new()), ["iban:account_missing"]);
        for wrong in ["acct_", "acct_12 45678", "ba_1Hfs81CcMWPWDsVr", "acct_1Hfs81/ccount"] {
            let found = faults(|it| it.connected = wrong.into());
            assert_eq!(found, ["gateway_destination_id:connected_account_invalid"], "{wrong}");
        }
        assert_eq!(faults(|it| it.connected = " acct_1Hfs81CcMWPWDsVr ".into()), Vec::<String>::new());
        for name in ["", "Ayşe; DROP", "A/B"] {
            assert_eq!(faults(|it| it.holder = name.into()), ["account_holder_name:holder_invalid"], "{name}");
        }
        assert_eq!(faults(|it| it.holder = "Şükrü Ağaoğlu's 2 Clinics".into()), Vec::<String>::new());
        let all = faults(|it| *it = Typed::default());
        assert_eq!(all.len(), 6, "{all:?}");
    }
}
