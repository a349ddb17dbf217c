//! What a browser or app says of itself, in words people know.

/// The program and the system a user agent names; `None` for what we do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// `Firefox`, `Chrome`.
    pub program: Option<&'static str>,
    /// `Windows`, `iPhone`.
    pub system: Option<&'static str>,
}

/// Reads a user agent. Later words of it name earlier programs, so the most particular ones are looked for first.
pub fn device_of(agent: &str) -> Device {
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    Device {
        program: first(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
            ("curl", "curl"),
        ]),
        system: first(&[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("CrOS", "ChromeOS"),
            ("Mac OS", "Mac"),
            ("Macintosh", "Mac"),
            ("Linux", "Linux"),
        ]),
    }
}

/// Whether two agents are one device after an update: the same words with other numbers.
pub fn same_device(left: Option<&str>, right: Option<&str>) -> bool {
    let words = |agent: Option<&str>| -> String {
        agent.unwrap_or_default().chars().filter(|c| !c.is_ascii_digit() && *c != '.' && *c != '_').collect()
    };
    words(left) == words(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                         Version/17.5 Mobile/15E148 Safari/604.1";

    #[test]
    fn agents_are_read() {
        for (agent, program, system) in [
            (FIREFOX, Some("Firefox"), Some("Linux")),
            (CHROME, Some("Chrome"), Some("Windows")),
            (PHONE, Some("Safari"), Some("iPhone")),
            ("Hairline/1.0", None, None),
        ] {
            assert_eq!(device_of(agent), Device { program, system }, "{agent}");
        }
    }

    #[test]
    fn an_update_is_no_new_device() {
        assert!(same_device(Some(FIREFOX), Some(&FIREFOX.replace("128.0", "129.1"))));
        assert!(!same_device(Some(FIREFOX), Some(CHROME)));
        assert!(!same_device(Some(FIREFOX), None));
        assert!(same_device(None, None));
    }
}
