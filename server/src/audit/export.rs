use std::io::{BufWriter, Write};

use thunderline::{
    audit::Line,
    domain::Time,
    store::{Store, audits::chain},
};

use super::AuditError;

/// How many entries are in memory at once.
const PAGE: i64 = 1_000;

/// Writes what was sealed and written within the time. Answers how many entries are not sealed yet.
pub async fn export(
    store: &Store,
    since: Option<Time>,
    until: Option<Time>,
    to: Box<dyn Write + Send>,
) -> Result<i64, AuditError> {
    let within = move |at: Time| since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until);
    store
        .read_long(move |conn| {
            Box::pin(async move {
                let (mut to, mut from) = (BufWriter::new(to), i64::MIN);
                loop {
                    let page = chain::after(conn, from, PAGE).await?;
                    let Some(last) = page.last().and_then(|last| last.entry.number) else { break };
                    from = last;
                    for line in page.iter().filter(|sealed| within(sealed.entry.at)).filter_map(Line::of) {
                        write(&mut to, &line).map_err(|cause| AuditError::File { path: None, cause })?;
                    }
                }
                to.flush().map_err(|cause| AuditError::File { path: None, cause })?;
                Ok(chain::backlog(conn).await?.many)
            })
        })
        .await
}

/// One line.
pub(super) fn write(to: &mut impl Write, line: &Line) -> std::io::Result<()> {
    let mut text = serde_json::to_string(line).map_err(std::io::Error::other)?;
    text.push('\n');
    to.write_all(text.as_bytes())
}
