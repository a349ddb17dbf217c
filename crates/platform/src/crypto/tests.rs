//! Fixed vectors made once with OpenSSL and Python's `cryptography`, and fresh ones by the `openssl` command.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

fn key() -> Key {
    Key::new(std::array::from_fn(|i| i as u8))
}

fn ring() -> KeyRing {
    KeyRing::new(key(), vec![], Key::new([2; 32]), Key::new([3; 32]))
}

fn open(text: &str) -> AppResult<String> {
    ring().open(&Sealed::from_ciphertext(text))
}

/// AES-256-CBC with the key 00..1f: plain text, payload.
const CBC: &[(&str, &str)] = &[
    (
        "",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoiOTVYMjZJQXYwVkdnSWFRUlVOU3JhUT09IiwibWFjIjoiOWMxMTBiZGZmMDc2NmQ0NjFmZjk4ZGVlNWRhNTk1ZjI2ZDY1NWFmYmM4NzYyMDYyNzU3OTRjMTgyZmFhNTc2ZSIsInRhZyI6IiJ9",
    ),
    (
        "PAT-7",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoiVUVyMTVUZXRGSm9SaDhkWVAwa3RmUT09IiwibWFjIjoiMWNmNWNhNGFmYmY0MGJjMzVhOGEwNTNlN2E3ZjI2YTI0MWZlNTRmZWQ5MzI3ZmU0NmNhNjIxMWEzMWQzODU2MyIsInRhZyI6IiJ9",
    ),
    (
        "Ayşe Yılmaz, Şişli",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoiek4zelA0M0xaQ3NkZGkrZzFlaU1pclRFRVpYZW1HaVhia205ZWJnWTkxZz0iLCJtYWMiOiJiYWQyMGZkYTEyNWZiNGNmMzdlZTcyYTc2NTNiOWVjYWVhYzIxMTYwMmEzNGFiZDk0NDhhMWYxNTY0YTk3NDEzIiwidGFnIjoiIn0=",
    ),
    (
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoia1UrY3p3bWRmWmUzTXBIUEZMOG1rS1lQaEgwZTVETmdwZUJRSytNTFZQOD0iLCJtYWMiOiIwNGM1ZGM2MjU3NDk2YTM2ZDQyNDhmODg0ZWFjZmQwZWU4MGUwMWI1NDQ4ZmZhZDczNWFkNjk0MDE4ZGNhZWUxIiwidGFnIjoiIn0=",
    ),
    (
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoiK1drSnhLVGdVZ2ZEZEFDL1NIVG1ndjVaemMrcTVFalpMWkdERGZHRHFNMHR6T2NiVi8rdGlIMDVISlpEc2ltYSIsIm1hYyI6IjE0ODYxOTk3OGYyMzhlMDkzZDM0MzMwODMyYWQyZjU4NmMwZmMzYzhjNTdjODY3YzQ4ODVlNmQ5ODVhZGIxZDAiLCJ0YWciOiIifQ==",
    ),
    // `\/` in the value and no tag, as older versions of Laravel write it.
    (
        "note 0",
        "eyJpdiI6IlpHVm1aMmhwYW10c2JXNXZjSEZ5Y3c9PSIsInZhbHVlIjoiQnBlVzJlRzNzS2FSWlgxaVk2QWhcL3c9PSIsIm1hYyI6IjM5YzE2Yjc4Mjk5NDEzYzU1MzE3MTJhM2U0ZDdmMmU4NmIwOWFhZTg3ZmM2ZjFlYTRkNGJlOGIyM2I1MTRlOGQifQ==",
    ),
];

/// AES-256-GCM with the key 00..1f and the iv c8..d3.
const GCM: &[(&str, &str)] = &[
    ("", "eyJpdiI6InlNbkt5OHpOenMvUTBkTFQiLCJ2YWx1ZSI6IiIsIm1hYyI6IiIsInRhZyI6Ik1XZUZtTTQvSVd3WG1QVDNtcWgvWnc9PSJ9"),
    (
        "Ayşe Yılmaz",
        "eyJpdiI6InlNbkt5OHpOenMvUTBkTFQiLCJ2YWx1ZSI6IlVBR2tST1Bzb3VURlVITGZaQT09IiwibWFjIjoiIiwidGFnIjoiRFBUaUhpbUdwazJ5R0FKRFNKb2E2dz09In0=",
    ),
];

#[test]
fn payloads_of_laravel_are_read() {
    for (plain, payload) in CBC.iter().chain(GCM) {
        assert_eq!(open(payload).unwrap(), *plain);
    }
}

#[test]
fn what_is_written_is_what_laravel_would_write() {
    for (plain, payload) in GCM {
        let iv = std::array::from_fn(|i| 200 + i as u8);
        assert_eq!(payload::encrypt_with_iv(&key(), iv, plain.as_bytes()), *payload);
    }
}

/// The vectors both sides of a migration agreed on, to the byte.
#[test]
fn golden_6_cipher_vectors() {
    let key = || Key::new(std::array::from_fn(|i| i as u8));
    let ring = KeyRing::new(key(), vec![], Key::new([2; 32]), Key::new([3; 32]));
    let json = |iv: &str, value: &str, mac: &str, tag: &str| {
        format!(r#"{{"iv":"{iv}","value":"{value}","mac":"{mac}","tag":"{tag}"}}"#)
    };
    let mac = "ecaec9ba68dcfd4df9f1c509694e896891b0222b24803bad8fa87a2be878fe09";
    let cbc = json("EBESExQVFhcYGRobHB0eHw==", "jgybNfYMo0833/nhIck9Tg==", mac, "");
    let gcm = json("ICEiIyQlJicoKSor", "+QOWRVmtKzwpSHf49g==", "", "kbe1eNRsN/3AfI0eWKFC6w==");
    assert_eq!((cbc.len(), STANDARD.encode(&cbc).len(), gcm.len(), STANDARD.encode(&gcm).len()), (150, 200, 98, 132));
    let read = |json: &str| ring.open(&Sealed::<String>::from_ciphertext(STANDARD.encode(json)));
    assert_eq!((read(&cbc).unwrap().as_str(), read(&gcm).unwrap().as_str()), ("+905551234567", "+905551234567"));
    let iv = std::array::from_fn(|i| 0x20 + i as u8);
    let written = STANDARD.decode(payload::encrypt_with_iv(&key(), iv, b"+905551234567")).unwrap();
    let (written, wanted): (Json, Json) =
        (serde_json::from_slice(&written).unwrap(), serde_json::from_str(&gcm).unwrap());
    assert_eq!(written, wanted);
    assert_eq!(read(&cbc.replace("ecaec9", "ecaec8")).unwrap_err().code, "decryption_failed");
}

/// `openssl enc` and `dgst` as an independent implementation; it has no GCM.
#[test]
fn payloads_made_by_openssl_are_read() {
    let key: [u8; 32] = std::array::from_fn(|i| 200 - i as u8);
    let iv = [7u8; 16];
    let encrypt = ["enc", "-aes-256-cbc", "-K", &hex::encode(key), "-iv", &hex::encode(iv)].map(String::from);
    let Some(value) = openssl(&encrypt, "Boğaziçi 42".as_bytes()) else {
        eprintln!("no openssl here; the fixed vectors stand for it");
        return;
    };
    let (iv, value) = (STANDARD.encode(iv), STANDARD.encode(value));
    let sign = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", &format!("hexkey:{}", hex::encode(key)), "-binary"];
    let mac = openssl(&sign.map(String::from), format!("{iv}{value}").as_bytes()).unwrap();
    let payload = json!({ "iv": iv, "value": value, "mac": hex::encode(mac), "tag": "" });
    let ring = KeyRing::new(Key::new(key), vec![], Key::new([2; 32]), Key::new([3; 32]));
    let sealed = Sealed::<String>::from_ciphertext(STANDARD.encode(payload.to_string()));
    assert_eq!(ring.open(&sealed).unwrap(), "Boğaziçi 42");
}

fn openssl(arguments: &[String], input: &[u8]) -> Option<Vec<u8>> {
    let mut child =
        Command::new("openssl").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(input).ok()?;
    let output = child.wait_with_output().ok()?;
    assert!(output.status.success());
    Some(output.stdout)
}

/// The longest text that fits VARCHAR(255): 31 bytes under CBC, 81 under GCM (identity 5.9).
#[test]
fn payloads_have_the_agreed_length() {
    let base64 = |bytes: usize| 4 * bytes.div_ceil(3);
    for (plain, payload) in &CBC[..5] {
        assert_eq!(payload.len(), base64(126 + base64(16 * (plain.len() / 16 + 1))), "{plain}");
    }
    assert_eq!([CBC[1].1.len(), CBC[3].1.len(), CBC[4].1.len()], [200, 228, 256]);
    for n in [0, 1, 15, 16, 80, 81, 82, 1000] {
        let payload = ring().seal(&"x".repeat(n));
        assert_eq!(payload.ciphertext().len(), base64(78 + base64(n)), "{n}");
        assert_eq!(payload.ciphertext().len() <= 255, n <= 81);
    }
}

/// The members of a payload with one of them changed.
fn with(payload: &str, change: impl Fn(&mut Json)) -> String {
    let mut envelope: Json = serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap();
    change(&mut envelope);
    STANDARD.encode(envelope.to_string())
}

fn assert_refused(payload: &str, what: &str) {
    let error = open(payload).expect_err(what);
    assert_eq!(error.code, "decryption_failed", "{what}");
}

#[test]
fn every_changed_part_is_refused() {
    for (_, payload) in [CBC[2], GCM[1]] {
        assert_eq!(open(&with(payload, |_| {})).unwrap(), open(payload).unwrap());
        for part in ["iv", "value", "mac", "tag"] {
            // The first bit of the part flipped, keeping its length and alphabet.
            assert_refused(
                &with(payload, |envelope| {
                    let text = envelope[part].as_str().unwrap().to_owned();
                    let flipped = match text.chars().next() {
                        Some('A' | 'a') => text.replacen(['A', 'a'], "b", 1),
                        Some(first) => text.replacen(first, if first.is_ascii_digit() { "a" } else { "A" }, 1),
                        None => "AAAA".into(),
                    };
                    assert_ne!(text, flipped);
                    envelope[part] = flipped.into();
                }),
                part,
            );
        }
    }
}

#[test]
fn every_other_shape_is_refused() {
    let (cbc, gcm) = (CBC[2].1, GCM[1].1);
    let tag = STANDARD.encode([0; 16]);
    let cases = [
        ("not base64", "no payload!".into()),
        ("plain text", "+905321234567".into()),
        ("empty", String::new()),
        ("not JSON", STANDARD.encode("hello")),
        ("not an object", STANDARD.encode("[1]")),
        ("both mac and tag", with(cbc, |e| e["tag"] = tag.clone().into())),
        ("neither mac nor tag", with(gcm, |e| e["tag"] = "".into())),
        ("short mac", with(cbc, |e| e["mac"] = "abcd".into())),
        ("mac in capitals", with(cbc, |e| e["mac"] = e["mac"].as_str().unwrap().to_uppercase().into())),
        ("short tag", with(gcm, |e| e["tag"] = STANDARD.encode([0; 12]).into())),
        ("iv of the other cipher", with(gcm, |e| e["iv"] = STANDARD.encode([0; 16]).into())),
        ("short iv", with(cbc, |e| e["iv"] = STANDARD.encode([0; 12]).into())),
        ("missing value", with(gcm, |e| drop(e.as_object_mut().unwrap().remove("value")))),
        ("missing mac", with(gcm, |e| drop(e.as_object_mut().unwrap().remove("mac")))),
        ("unknown member", with(gcm, |e| e["alg"] = "none".into())),
        ("number for a text", with(gcm, |e| e["iv"] = 7.into())),
        ("half a block", with(cbc, |e| e["value"] = STANDARD.encode([0; 15]).into())),
        ("cut off", gcm[..gcm.len() - 4].into()),
    ];
    for (what, payload) in cases {
        assert_refused(&payload, what);
    }
}

#[test]
fn previous_keys_still_read_and_the_current_one_writes() {
    let old = ring();
    let sealed = old.seal(&"TR0001".to_owned());
    let (index, pepper) = (Key::new([2; 32]), Key::new([3; 32]));
    let rotated = KeyRing::new(Key::new([9; 32]), vec![Key::new([8; 32]), key()], index.clone(), pepper.clone());
    assert_eq!(rotated.open(&sealed).unwrap(), "TR0001");
    assert_eq!(rotated.open(&Sealed::<String>::from_ciphertext(CBC[1].1)).unwrap(), "PAT-7");
    assert_eq!(old.open(&rotated.seal(&"new".to_owned())).unwrap_err().code, "decryption_failed");
    let forgotten = KeyRing::new(Key::new([9; 32]), vec![Key::new([8; 32])], index, pepper);
    assert_eq!(forgotten.open(&sealed).unwrap_err().code, "decryption_failed");
}

#[test]
fn integers_are_decimal_text_and_json_is_its_text() {
    let ring = ring();
    let text_of = |sealed: &str| ring.open(&Sealed::<String>::from_ciphertext(sealed)).unwrap();
    assert_eq!(text_of(ring.seal(&-42i64).ciphertext()), "-42");
    assert_eq!(ring.open(&ring.seal(&i64::MAX)).unwrap(), i64::MAX);
    let value = json!({"b": [1, "ş/"], "a": null});
    assert_eq!(ring.open(&ring.seal(&value)).unwrap(), value);
    let no_number = Sealed::<i64>::from_ciphertext(ring.seal(&"seven".to_owned()).ciphertext());
    assert_eq!(ring.open(&no_number).unwrap_err().code, "decryption_failed");
    assert_eq!(ring.open_opt::<i64>(None).unwrap(), None);
}

#[test]
fn equal_values_have_different_ciphertexts() {
    let (a, b) = (ring().seal(&"same".to_owned()), ring().seal(&"same".to_owned()));
    assert_ne!(a.ciphertext(), b.ciphertext());
}

#[test]
fn fingerprints_are_keyed_and_bound_to_their_purpose() {
    let ring = ring();
    let index = ring.blind_index("patients.phone_number", "+905321234567");
    assert_eq!(index, "717bb3b6fa800dde74adceb54ccb6b108700e9b969542197f316701a24acc5f7");
    assert_ne!(index, ring.blind_index("users.phone_number", "+905321234567"));
    let mac = ring.mac("login", "123456");
    assert_eq!(mac, "5229c24c3457ca98a9b9734e4bb3b12f049a9aebaaab975e12ae0e804d632d14");
    assert!(ring.verify_mac("login", "123456", &mac));
    assert!(!ring.verify_mac("reset", "123456", &mac) && !ring.verify_mac("login", "123457", &mac));
    assert!(!ring.verify_mac("login", "123456", &mac[..63]) && !ring.verify_mac("login", "123456", ""));
}

#[test]
fn keys_are_base64_of_32_bytes_and_never_printed() {
    let text = key().to_text().into_inner();
    assert_eq!(text, "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    assert!(text.parse::<Key>().unwrap() == key());
    let long = format!("base64:{}", STANDARD.encode([1; 33]));
    for bad in ["", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "base64:AAEC", "base64:!", long.as_str()] {
        assert!(bad.parse::<Key>().is_err(), "{bad}");
    }
    assert_eq!(format!("{:?} {:?}", key(), ring()), "[key] [key ring]");
    assert!(Key::new([7; 32]).is_trivial() && !key().is_trivial());
}

proptest! {
    #[test]
    fn every_text_comes_back(text in ".{0,200}") {
        let ring = ring();
        prop_assert_eq!(ring.open(&ring.seal(&text)).unwrap(), text);
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".{0,200}") {
        prop_assert!(open(&text).is_err());
        prop_assert!(open(&STANDARD.encode(text)).is_err());
    }
}

/// Whoever watches over an installation is woken by this number.
#[test]
fn what_no_key_opens_is_counted() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let shown = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        assert_eq!(open(CBC[1].1).unwrap(), "PAT-7");
        assert!(!shown.render().contains("hairline_decryption_failures_total"));
        assert_eq!(open("torn").unwrap_err().code, "decryption_failed");
    });
    assert!(shown.render().contains("hairline_decryption_failures_total 1"), "{}", shown.render());
}
