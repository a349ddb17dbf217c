//! Where the demonstration is and who can sign in.

use std::fmt::Write as _;
use std::net::SocketAddr;

use kernel::Timestamp;
use totp_rs::{Algorithm, Secret, TOTP};

use super::cast::STAFF;

/// The password of everybody.
pub const PASSWORD: &str = "Hairline-demo-2026!";
/// The authenticator secret of all staff and clinics: demonstrations only.
pub const TOTP_SECRET: &str = "HAIRLINEDEMOSECRETFORCODES234567";

/// A patient to sign in as, and what there is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientLogin {
    /// Address.
    pub email: String,
    /// The stage of the case.
    pub stage: &'static str,
}

/// The logins of a seeded demonstration.
#[derive(Clone, Debug)]
pub struct Logins {
    /// One patient for each stage of a case.
    pub patients: Vec<PatientLogin>,
    /// The clinic whose people are told.
    pub clinic: (&'static str, &'static str),
    /// When the codes below were made.
    pub now: Timestamp,
    /// What could not be told to its end; empty when all went well.
    pub incomplete: Vec<String>,
}

impl Logins {
    /// The text `hairline demo` prints.
    pub fn told(&self, address: SocketAddr) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = self.write(&mut text, address);
        text
    }

    fn write(&self, text: &mut String, address: SocketAddr) -> std::fmt::Result {
        let (key, name) = self.clinic;
        writeln!(text, "\nThe demonstration: http://{address}")?;
        writeln!(text, "  Staff     http://{address}/admin/login")?;
        writeln!(text, "  Clinics   http://{address}/provider/login")?;
        writeln!(text, "  Patients  http://{address}/login")?;
        writeln!(text, "  API       http://{address}/api/v1 (description: /api/docs)")?;
        writeln!(text, "\nPassword of everybody: {PASSWORD}")?;
        writeln!(text, "\nStaff of Hairline (second factor)")?;
        for (role, _, _, email) in STAFF {
            writeln!(text, "  {role:<22} {email}")?;
        }
        writeln!(text, "\nClinic staff (second factor), here of {name}; every clinic has an owner@...")?;
        for (role, prefix) in [("owner", "owner"), ("clinical", "clinical")] {
            writeln!(text, "  {role:<22} {prefix}@{key}.example")?;
        }
        writeln!(text, "  {:<22} manager@golden-horn.example", "manager")?;
        writeln!(text, "  {:<22} billing@golden-horn.example", "billing")?;
        writeln!(text, "\nPatients, one for each stage (no second factor)")?;
        for patient in &self.patients {
            writeln!(text, "  {:<22} {}", patient.stage, patient.email)?;
        }
        self.write_codes(text)
    }

    /// What `hairline demo` prints when all data is there.
    pub fn ended(&self) -> String {
        let lines = self.incomplete.iter().map(|what| format!("\n  {what}"));
        match self.incomplete.len() {
            0 => "All data is there.".to_owned(),
            many => format!("All data is there, but {many} stories are incomplete:{}", lines.collect::<String>()),
        }
    }

    fn write_codes(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "\nSecond factor of staff and clinics, the same secret for all of them: {TOTP_SECRET}")?;
        writeln!(text, "  otpauth://totp/Hairline:demo?secret={TOTP_SECRET}&issuer=Hairline")?;
        let now = self.now.timestamp();
        let codes: Vec<String> = (0..4).filter_map(|step| code_at(now + step * 30)).collect();
        writeln!(text, "  Codes from {} UTC on, 30 seconds each: {}", self.now.format("%H:%M:%S"), codes.join("  "))?;
        writeln!(text, "  Later ones: put the secret into an authenticator app, or: oathtool --totp -b {TOTP_SECRET}")
    }
}

/// The code of the second factor at a moment.
pub fn code_at(seconds: i64) -> Option<String> {
    let secret = Secret::Encoded(TOTP_SECRET.to_owned()).to_bytes().ok()?;
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, String::new()).ok()?;
    Some(totp.generate(u64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_everything_they_need() {
        let logins = Logins {
            patients: vec![PatientLogin { email: "a@patients.example".to_owned(), stage: "paid" }],
            clinic: ("bosphorus", "Bosphorus Hair Institute"),
            now: "2026-03-02T10:00:00Z".parse().unwrap(),
            incomplete: Vec::new(),
        };
        let told = logins.told("127.0.0.1:8080".parse().unwrap());
        for part in ["http://127.0.0.1:8080", PASSWORD, TOTP_SECRET, "admin@hairline.example", "a@patients.example"] {
            assert!(told.contains(part), "{part} is missing in {told}");
        }
        let code = code_at(logins.now.timestamp()).unwrap();
        assert!(code.len() == 6 && told.contains(&code), "{code}");
        assert_eq!(logins.ended(), "All data is there.");
        let lacking = Logins { incomplete: vec!["paid 3: not found".to_owned()], ..logins };
        assert!(lacking.ended().ends_with("1 stories are incomplete:\n  paid 3: not found"), "{}", lacking.ended());
    }
}
