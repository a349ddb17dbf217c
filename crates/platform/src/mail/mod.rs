//! Mail: written into files (development and demo), sent by SMTP, or kept in memory (tests).

mod outbox_folder;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{AppError, AppResult, Clock, ErrorKind, Secret, Timestamp};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use outbox_folder::Folder;
pub use outbox_folder::StoredMail;

/// What servers answer for an address that is wrong, and will be tomorrow.
const NO_SUCH_MAILBOX: [u16; 3] = [550, 551, 553];

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address, bare or as `Name <address>`.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text every reader can show.
    pub text: String,
    /// The same as HTML, when there is one.
    pub html: Option<String>,
}

// Addresses and bodies are personal: neither may reach a log by way of a debug print.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[mail]")
    }
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// TLS from the first byte (port 465).
    Implicit,
    /// Plain greeting, then TLS or nothing (port 587).
    #[default]
    Starttls,
    /// No protection: only for a relay on the same machine.
    None,
}

/// How to reach the mail server.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// Its name.
    pub host: String,
    /// Its port; the usual one of the protection when absent.
    pub port: Option<u16>,
    /// Protection of the connection.
    pub tls: SmtpTls,
    /// Account, if the server asks for one.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret<String>>,
}

/// Sends mail. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    way: Arc<Way>,
    from: Arc<Mailbox>,
    clock: Arc<dyn Clock>,
}

enum Way {
    Files(Folder),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Memory(Mutex<Vec<Mail>>),
}

impl Mailer {
    /// Writes each mail into a file of the folder, which is made when it is missing.
    pub fn files(folder: &Path, from: &str, clock: Arc<dyn Clock>) -> AppResult<Self> {
        Self::new(Way::Files(Folder::open(folder)?), from, clock)
    }

    /// Hands mail to a server. Connects when the first one is sent.
    pub fn smtp(options: &SmtpOptions, from: &str, clock: Arc<dyn Clock>) -> AppResult<Self> {
        let builder = match options.tls {
            SmtpTls::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(&options.host),
            SmtpTls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&options.host),
            SmtpTls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&options.host)),
        };
        let mut builder = builder.map_err(AppError::internal)?.timeout(Some(Duration::from_secs(20)));
        if let Some(port) = options.port {
            builder = builder.port(port);
        }
        if let (Some(name), Some(password)) = (&options.username, &options.password) {
            builder = builder.credentials(Credentials::new(name.clone(), password.expose().clone()));
        }
        Self::new(Way::Smtp(Box::new(builder.build())), from, clock)
    }

    /// Keeps mail for [`Mailer::sent`].
    pub fn memory(from: &str, clock: Arc<dyn Clock>) -> AppResult<Self> {
        Self::new(Way::Memory(Mutex::default()), from, clock)
    }

    fn new(way: Way, from: &str, clock: Arc<dyn Clock>) -> AppResult<Self> {
        let from: Mailbox = from.parse().map_err(AppError::internal)?;
        Ok(Self { way: Arc::new(way), from: Arc::new(from), clock })
    }

    /// Sends one mail. An address nobody can have is refused, and so is one the server knows nothing of; a server that
    /// does not answer is `unavailable`.
    pub async fn send(&self, mail: Mail) -> AppResult<()> {
        let now = self.clock.now();
        let message = build(&self.from, &mail, now)?;
        match &*self.way {
            Way::Files(folder) => folder.write(&mail, &message.formatted(), now).await,
            Way::Memory(sent) => {
                sent.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
            Way::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.status().map(u16::from).is_some_and(|code| NO_SUCH_MAILBOX.contains(&code)) => {
                    let mut refused = AppError::invalid("mail_refused", "The mail server refuses this address.");
                    refused.source = Some(error.into());
                    Err(refused)
                }
                Err(error) if error.is_permanent() => Err(AppError::internal(error)),
                Err(error) => {
                    let mut later =
                        AppError::new(ErrorKind::Unavailable, "mail_unavailable", "The mail server does not answer.");
                    later.source = Some(error.into());
                    Err(later)
                }
            },
        }
    }

    /// What was sent, oldest first; empty unless mail is kept in memory.
    pub fn sent(&self) -> Vec<Mail> {
        match &*self.way {
            Way::Memory(sent) => sent.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// The newest mails written into files, newest first; `None` when mail is not written into files.
    pub async fn list(&self, limit: usize) -> AppResult<Option<Vec<StoredMail>>> {
        match &*self.way {
            Way::Files(folder) => folder.list(limit).await.map(Some),
            _ => Ok(None),
        }
    }

    /// One mail written into a file; 404 when there is none.
    pub async fn read(&self, id: &str) -> AppResult<StoredMail> {
        match &*self.way {
            Way::Files(folder) => folder.read(id).await,
            _ => Err(AppError::not_found()),
        }
    }

    /// Whether the mail server answers; always true where no server is involved.
    pub async fn is_reachable(&self) -> bool {
        match &*self.way {
            Way::Smtp(transport) => transport.test_connection().await.unwrap_or(false),
            _ => true,
        }
    }
}

fn build(from: &Mailbox, mail: &Mail, now: Timestamp) -> AppResult<Message> {
    let to: Mailbox =
        mail.to.parse().map_err(|_| AppError::invalid("email_invalid", "This is not an e-mail address."))?;
    let draft = Message::builder()
        .from(from.clone())
        .to(to)
        // A line break in a subject would begin a header of the sender's choice.
        .subject(mail.subject.replace(['\r', '\n'], " "))
        .date(now.into())
        .message_id(None);
    let message = match &mail.html {
        Some(html) => draft.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => draft.singlepart(SinglePart::plain(mail.text.clone())),
    };
    message.map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    struct At(Timestamp);
    impl Clock for At {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    fn clock() -> Arc<dyn Clock> {
        Arc::new(At("2026-03-02T10:00:00Z".parse().unwrap()))
    }

    fn mail(to: &str) -> Mail {
        Mail {
            to: to.into(),
            subject: "Kod\r\nBcc: x@y.z".into(),
            text: "123456 ş".into(),
            html: Some("<b>1</b>".into()),
        }
    }

    #[tokio::test]
    async fn a_mail_in_a_file_can_be_listed_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Mailer::files(&folder.path().join("mail"), "Hairline <no-reply@hairline.test>", clock()).unwrap();
        mailer.send(mail("ada@example.com")).await.unwrap();
        mailer.send(Mail { subject: "Second".into(), ..mail("bob@example.com") }).await.unwrap();
        let list = mailer.list(10).await.unwrap().unwrap();
        assert_eq!(
            list.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(),
            ["bob@example.com", "ada@example.com"]
        );
        let first = mailer.read(&list[1].id).await.unwrap();
        assert_eq!((first.text.as_str(), first.html.as_deref()), ("123456 ş", Some("<b>1</b>")));
        assert_eq!(mailer.list(1).await.unwrap().unwrap().len(), 1);
        assert_eq!(mailer.read("../secret").await.err().unwrap().kind, ErrorKind::NotFound);

        let raw = std::fs::read_to_string(folder.path().join("mail").join(format!("{}.eml", first.id))).unwrap();
        assert!(
            raw.contains("multipart/alternative") && raw.contains("Date: Mon, 02 Mar 2026 10:00:00 +0000"),
            "{raw}"
        );
        assert!(!raw.contains("\nBcc:"), "a subject must not add a header: {raw}");
    }

    #[tokio::test]
    async fn memory_keeps_what_was_sent_and_refuses_what_is_no_address() {
        let mailer = Mailer::memory("no-reply@hairline.test", clock()).unwrap();
        assert_eq!(mailer.send(mail("not an address")).await.unwrap_err().code, "email_invalid");
        mailer.send(mail("ada@example.com")).await.unwrap();
        assert_eq!(mailer.sent(), [mail("ada@example.com")]);
        assert!(Mailer::memory("nobody", clock()).is_err());
    }

    #[tokio::test]
    async fn a_silent_server_is_unavailable_and_not_internal() {
        // Nothing listens on port 1.
        let options =
            SmtpOptions { host: "127.0.0.1".into(), port: Some(1), tls: SmtpTls::None, username: None, password: None };
        let mailer = Mailer::smtp(&options, "no-reply@hairline.test", clock()).unwrap();
        assert_eq!(mailer.send(mail("ada@example.com")).await.unwrap_err().code, "mail_unavailable");
        assert!(!mailer.is_reachable().await);
    }

    /// A server that takes everything but the recipient, and answers that with a line of its own.
    async fn refusing(answer: &'static str) -> SmtpOptions {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (lines, mut out) = stream.into_split();
                let mut lines = BufReader::new(lines).lines();
                let _ = out.write_all(b"220 here\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    let said = if line.starts_with("RCPT") { answer } else { "250 ok" };
                    let _ = out.write_all(format!("{said}\r\n").as_bytes()).await;
                }
            }
        });
        let host = "127.0.0.1".into();
        SmtpOptions { host, port: Some(port), tls: SmtpTls::None, username: None, password: None }
    }

    #[tokio::test]
    async fn an_address_the_server_does_not_know_is_refused_for_good() {
        for (answer, code) in [
            ("550 5.1.1 no such user", "mail_refused"),
            ("554 5.7.1 we take nothing from you", "internal"),
            ("451 4.3.0 later", "mail_unavailable"),
        ] {
            let mailer = Mailer::smtp(&refusing(answer).await, "no-reply@hairline.test", clock()).unwrap();
            assert_eq!(mailer.send(mail("ada@example.com")).await.unwrap_err().code, code, "{answer}");
        }
    }

    /// A server that asks who sends, takes one mail and hands over what was said to it.
    async fn taking() -> (SmtpOptions, tokio::sync::oneshot::Receiver<String>) {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, told) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (lines, mut out) = stream.into_split();
            let mut lines = BufReader::new(lines).lines();
            out.write_all(b"220 here\r\n").await.unwrap();
            let (mut all, mut in_mail) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                all.push_str(&line);
                all.push('\n');
                let answer = match line.split(' ').next().unwrap_or_default() {
                    "." => {
                        out.write_all(b"250 taken\r\n").await.unwrap();
                        break;
                    }
                    _ if in_mail => continue,
                    "EHLO" => "250-here\r\n250 AUTH PLAIN",
                    "AUTH" => "235 welcome",
                    "DATA" => {
                        in_mail = true;
                        "354 go on"
                    }
                    _ => "250 ok",
                };
                out.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
            heard.send(all).unwrap();
        });
        let (username, password) = (Some("care".to_owned()), Some(Secret::new("sesame".to_owned())));
        let options =
            SmtpOptions { host: "127.0.0.1".into(), port: Some(port), tls: SmtpTls::None, username, password };
        (options, told)
    }

    #[tokio::test]
    async fn a_mail_is_handed_to_the_server_by_a_sender_it_knows() {
        let (options, told) = taking().await;
        let mailer = Mailer::smtp(&options, "no-reply@hairline.test", clock()).unwrap();
        mailer.send(mail("ada@example.com")).await.unwrap();
        let told = told.await.unwrap();
        let known = format!("AUTH PLAIN {}", STANDARD.encode("\0care\0sesame"));
        for part in [known.as_str(), "MAIL FROM:<no-reply@hairline.test>", "RCPT TO:<ada@example.com>", "Subject: "] {
            assert!(told.contains(part), "{part} is missing in {told}");
        }
    }

    #[test]
    fn debug_prints_no_address() {
        assert_eq!(format!("{:?}", mail("ada@example.com")), "[mail]");
    }
}
