//! The command line, as people read it in `hairline help`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Hairline: from a patient's request to the review, in one program.
#[derive(Parser)]
#[command(name = "hairline", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// Settings every command reads.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings every command reads; they win over the environment and the file.
#[derive(Args, Clone, Default)]
pub struct Global {
    /// Configuration file [default: hairline.toml where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database address, sqlite:... or mysql:...
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of the SQLite database, files, mails and generated keys
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Any other setting, such as --set http.bind=0.0.0.0:80
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Migrates, seeds believable data, serves everything and prints addresses and logins
    #[command(after_help = "Example: hairline demo --data-dir /tmp/hairline-demo --bind 127.0.0.1:8080")]
    Demo {
        /// Address to listen on; port 0 takes any free one
        #[arg(long, default_value = "127.0.0.1:8080")]
        bind: SocketAddr,
        /// Only makes the data, for a demonstration that answers at this address
        #[arg(long, hide = true, value_name = "ADDRESS")]
        seed_for: Option<SocketAddr>,
    },
    /// Serves the API and the portals, and works on jobs beside where configured
    Serve {
        /// Address to listen on; port 0 takes any free one
        #[arg(long)]
        bind: Option<SocketAddr>,
    },
    /// Works on jobs, events and schedules only
    Worker,
    /// Changes the database's schema
    Migrate {
        #[command(subcommand)]
        command: Option<MigrateCommand>,
    },
    /// Describes the schema
    Db {
        #[command(subcommand)]
        command: DbCommand,
    },
    /// Accounts of Hairline's staff
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Encryption keys
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// The record of who did what
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The double-entry ledger
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Checks configuration, database, schema, files and mail of this installation
    Doctor {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints the OpenAPI document of the API
    Openapi,
}

/// Schema commands, as Laravel users know them.
#[derive(Subcommand)]
pub enum MigrateCommand {
    /// Applies every pending step (the default)
    Up,
    /// Takes back the last run, or the last N steps
    Rollback {
        /// How many steps
        #[arg(long, value_name = "N")]
        step: Option<usize>,
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Takes back every step
    Reset {
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Takes back every step and applies them again
    Refresh {
        /// Puts the reference data in afterwards
        #[arg(long)]
        seed: bool,
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Drops everything in the database and applies every step
    Fresh {
        /// Puts the reference data in afterwards
        #[arg(long)]
        seed: bool,
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Lists every step and the run that applied it
    Status {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// What destroying commands ask for in production.
#[derive(Args, Clone)]
pub struct Confirm {
    /// Allows it in production
    #[arg(long)]
    pub force: bool,
    /// The database's name, typed instead of being asked for it
    #[arg(long, value_name = "DATABASE")]
    pub confirm: Option<String>,
}

/// Schema descriptions.
#[derive(Subcommand)]
pub enum DbCommand {
    /// Writes one page per area with every table, column, key and check
    Describe {
        /// Folder that holds `docs/schema`
        #[arg(long, default_value = ".", value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Prints the entity-relationship diagram of an area, as Mermaid
    #[command(after_help = "Example: hairline db erd core_users > core_users.mmd")]
    Erd {
        /// The area; all areas are listed when it is left out
        area: Option<String>,
        /// Prints an SVG instead
        #[arg(long)]
        svg: bool,
    },
    /// Puts the reference data of every area in; safe to repeat
    #[command(after_help = "Example: hairline db seed --scale --inquiries 1000000 --clinics 5000")]
    Seed {
        /// Writes masses of made-up requests, quotes and clinics into an empty database, to see how it behaves
        #[arg(long)]
        scale: bool,
        /// Requests to write; three quotes each
        #[arg(long, default_value_t = 1_000_000, requires = "scale")]
        inquiries: u64,
        /// Clinics to write
        #[arg(long, default_value_t = 5_000, requires = "scale", value_parser = clap::value_parser!(u64).range(3..))]
        clinics: u64,
        /// Of these clinics, as many are asked for quotes; all when it is left out
        #[arg(long, requires = "scale", value_parser = clap::value_parser!(u64).range(3..))]
        asked: Option<u64>,
    },
    /// Asks the database how it would answer what people look at; fails where it would read a large table whole
    Explain {
        /// How often each list and detail is asked for its time
        #[arg(long, default_value_t = 11)]
        times: usize,
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// Staff accounts.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Makes a super admin; asks for the password, or prints a single-use token to set it
    #[command(
        after_help = "Example: hairline user create-admin --email ada@example.com --first-name Ada --last-name Byron"
    )]
    CreateAdmin {
        /// E-mail address
        #[arg(long)]
        email: String,
        /// First name
        #[arg(long)]
        first_name: String,
        /// Last name
        #[arg(long)]
        last_name: String,
    },
}

/// Keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Prints a new set of keys for the environment
    Generate,
    /// Tells which keys are configured, never their values, and how much older keys still hold
    Status {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Re-encrypts what older keys wrote with the current one; goes on where it was cut off
    Rotate,
    /// Computes all searchable fingerprints anew, after the index key was changed
    Reindex,
    /// Makes a new key for access tokens; the old one still verifies for 15 minutes
    RotateSigning,
}

/// Ledger.
#[derive(Subcommand)]
pub enum LedgerCommand {
    /// Recomputes every posting from payments, terms and statements; exits with 1 when one is off by a minor unit
    Verify {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// Audit.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Proves that no row was changed, removed or put in between; exits with 1 otherwise
    Verify {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// Configuration.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Explains every problem of the configuration at once; exits with 1 when there is one
    Check {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Lists every setting with its variable
    List,
}
