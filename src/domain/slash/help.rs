use super::{ALL, Errand, Plan, Slash};
use crate::domain::{PersonSummary, Result};

/// `/help`.
pub struct Help;

impl Slash for Help {
    fn name(&self) -> &'static str {
        "help"
    }

    fn usage(&self) -> &'static str {
        "/help"
    }

    fn does(&self) -> &'static str {
        "lists the commands"
    }

    fn plan(&self, _: &str, _: &PersonSummary) -> Result<Plan> {
        let lines: Vec<String> = ALL.iter().map(|slash| format!("{}: {}", slash.usage(), slash.does())).collect();
        Ok(Plan::Errand(Errand::Say(lines.join("\n"))))
    }
}
