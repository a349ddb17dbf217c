//! Addresses a client's people are sent back to. They match as a whole or not at all.

/// The most addresses of one client, and the most characters of each.
pub const MOST: usize = 10;
const LONGEST: usize = 500;

/// The addresses of a column, as they were registered.
pub fn of_column(column: &str) -> impl Iterator<Item = &str> {
    column.split(',').map(str::trim).filter(|uri| !uri.is_empty())
}

/// Whether this very address is registered: no pattern, no prefix, no other port.
pub fn is_registered(column: &str, uri: &str) -> bool {
    !uri.is_empty() && of_column(column).any(|own| own == uri)
}

fn parts(uri: &str) -> Option<(&str, &str)> {
    uri.split_once(':').filter(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty())
}

/// Scheme and host with port, as the rules of a page name a target: `https://app.example`, or `com.example.app:`.
pub fn origin(uri: &str) -> String {
    match parts(uri) {
        Some((scheme @ ("http" | "https"), _)) => format!("{scheme}://{}", host(uri)),
        Some((scheme, _)) => format!("{scheme}:"),
        None => String::new(),
    }
}

/// Host with port; the scheme for addresses that have none.
pub fn host(uri: &str) -> &str {
    match parts(uri) {
        Some(("http" | "https", rest)) => {
            rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default()
        }
        Some((scheme, _)) => scheme,
        None => uri,
    }
}

/// Whether an address may be registered: https; http on the reader's own machine only; or the scheme of an installed
/// app, named after a domain (RFC 8252).
pub fn is_acceptable(uri: &str) -> bool {
    let clean = uri.len() <= LONGEST && uri.bytes().all(|b| b.is_ascii_graphic() && !b",#*\\<>\"'`{}|^;@".contains(&b));
    if !clean {
        return false;
    }
    let Some((scheme, rest)) = parts(uri) else { return false };
    let host = host(uri);
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    match scheme {
        "https" => rest.starts_with("//") && !rest.starts_with("///") && name.contains('.') || is_local(rest, name),
        "http" => is_local(rest, name),
        _ => {
            let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
            scheme.contains('.') && scheme.bytes().all(word) && rest.starts_with('/')
        }
    }
}

fn is_local(rest: &str, name: &str) -> bool {
    rest.starts_with("//") && !rest.starts_with("///") && matches!(name, "127.0.0.1" | "[::1]" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_match_as_a_whole() {
        let column = "https://app.example/back, https://app.example/other";
        assert!(is_registered(column, "https://app.example/back"));
        for other in [
            "",
            "https://app.example",
            "https://app.example/back/",
            "https://app.example/back?x=1",
            "https://app.example/BACK",
            "https://app.example:443/back",
            "https://app.example.evil.example/back",
            "https://app.example/back, https://app.example/other",
            ",",
        ] {
            assert!(!is_registered(column, other), "{other}");
        }
        assert!(!is_registered("", ""));
    }

    #[test]
    fn what_may_be_registered() {
        for good in [
            "https://app.example/back",
            "https://app.example:8443/back?tenant=7",
            "http://127.0.0.1:8400/back",
            "http://localhost/back",
            "http://[::1]:80/back",
            "com.example.app:/back",
        ] {
            assert!(is_acceptable(good), "{good}");
        }
        for bad in [
            "",
            "app.example/back",
            "http://app.example/back",
            "http://localhost.evil.example/back",
            "https:///back",
            "https:app.example",
            "https://app.example/back#part",
            "https://*.example/back",
            "https://user@app.example/back",
            "https://a.example/x,https://b.example/y",
            "https://app.example/\r\nx",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/back",
        ] {
            assert!(!is_acceptable(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_what_a_policy_names() {
        assert_eq!(origin("https://app.example:8443/back?x"), "https://app.example:8443");
        assert_eq!(origin("com.example.app:/back"), "com.example.app:");
    }
}
