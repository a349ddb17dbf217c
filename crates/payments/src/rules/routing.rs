//! Which gateway account takes a patient's money (R-PY-27).

use kernel::ids::GatewayAccountId;

/// What routing knows of an account that is ready to be used.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: GatewayAccountId,
    /// Countries mapped to it (ISO 3166-1, capital letters).
    pub countries: Vec<String>,
    /// Whether it takes everybody else's money.
    pub is_fallback: bool,
}

/// The account mapped to the patient's country, else the fallback; `None` is `payment_unavailable_region`.
pub fn route<'a>(accounts: &'a [Account], country: Option<&str>) -> Option<&'a Account> {
    let mapped = |account: &&Account| country.is_some_and(|country| account.countries.iter().any(|c| c == country));
    accounts.iter().find(mapped).or_else(|| accounts.iter().find(|account| account.is_fallback))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(countries: &[&str], is_fallback: bool) -> Account {
        let countries = countries.iter().map(ToString::to_string).collect();
        Account { id: GatewayAccountId::new(), countries, is_fallback }
    }

    /// R-PY-27.
    #[test]
    fn the_country_wins_over_the_fallback() {
        let accounts = [account(&[], true), account(&["GB", "IE"], false)];
        assert_eq!(route(&accounts, Some("GB")).map(|a| a.id), Some(accounts[1].id));
        assert_eq!(route(&accounts, Some("DE")).map(|a| a.id), Some(accounts[0].id));
        assert_eq!(route(&accounts, None).map(|a| a.id), Some(accounts[0].id));
        assert!(route(&accounts[1..], Some("DE")).is_none());
    }
}
