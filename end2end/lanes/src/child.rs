use std::process::{ExitStatus, Stdio};

use load::failure::Result;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child as Process, ChildStdout, Command},
};

/// Another process of this program, which says on its standard output what it does. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    process: Process,
    said: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts one with these arguments.
    pub fn start<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        for argument in arguments {
            command.arg(argument.as_ref());
        }
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let said = process.stdout.take().ok_or("a child without a voice")?;
        Ok(Self { process, said: BufReader::new(said).lines() })
    }

    /// What it says next; nothing once it has ended.
    pub async fn hear(&mut self) -> Result<Option<String>> {
        Ok(self.said.next_line().await?)
    }

    /// Waits for a line that begins with `word`; answers the rest of it.
    pub async fn wait_for(&mut self, word: &str) -> Result<String> {
        while let Some(line) = self.hear().await? {
            if let Some(rest) = line.strip_prefix(word) {
                return Ok(rest.trim().to_owned());
            }
        }
        Err(format!("a child ended without saying {word:?}").into())
    }

    /// Ends it as a power switch would (SIGKILL). What it said before can still be heard.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    /// Asks it to end (SIGTERM).
    pub async fn ask_to_stop(&mut self) -> Result<()> {
        let id = self.process.id().ok_or("a child that has ended already")?;
        let told = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status().await?;
        if told.success() { Ok(()) } else { Err(format!("the signal to {id} was not sent").into()) }
    }

    /// Waits for its end.
    pub async fn end(&mut self) -> Result<ExitStatus> {
        Ok(self.process.wait().await?)
    }
}
