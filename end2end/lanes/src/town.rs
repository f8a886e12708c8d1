use load::failure::Result;
use thunderline::{
    domain::{
        Actor, ChannelId, CommunityId, Surface,
        account::SessionToken,
        command::{CreateChannel, CreateCommunity, JoinChannel, JoinCommunity, SignUp},
        text::Password,
    },
    engine::Engine,
};

/// People who may post, by their sessions, and where.
#[derive(Clone, Debug)]
pub struct Town {
    /// Secrets of sessions.
    pub tokens: Vec<String>,
    /// Channels that all of them take part in.
    pub channels: Vec<ChannelId>,
}

impl Town {
    /// Signs people up and makes channels for them.
    pub async fn found(engine: &Engine, people: usize, channels: usize) -> Result<Self> {
        let mut town = Self { tokens: Vec::new(), channels: Vec::new() };
        let mut actors = Vec::new();
        for number in 0..people {
            let signs_up = SignUp {
                name: format!("Poster {number}"),
                handle: format!("poster{number}"),
                password: Password::new("only for this run"),
                claim: None,
            };
            let signed_in = engine.execute(Actor::visitor(Surface::Page), signs_up).await?;
            actors.push(whoever(engine, &signed_in.token).await?);
            town.tokens.push(signed_in.token.expose().to_owned());
        }
        let owner = &actors[0];
        let (id, name, slug) = (CommunityId::fresh(), "Town".to_owned(), "town".to_owned());
        let community = CreateCommunity { id, name, slug, description: String::new(), public: true };
        engine.execute(owner.clone(), community).await?;
        for person in &actors[1..] {
            engine.execute(person.clone(), JoinCommunity { community: id }).await?;
        }
        for number in 0..channels {
            let (channel, name) = (ChannelId::fresh(), format!("room {number}"));
            let make = CreateChannel { id: channel, community: id, name, topic: String::new(), private: false };
            engine.execute(owner.clone(), make).await?;
            for person in &actors[1..] {
                engine.execute(person.clone(), JoinChannel { channel }).await?;
            }
            town.channels.push(channel);
        }
        Ok(town)
    }
}

/// Whoever holds a session.
pub async fn whoever(engine: &Engine, token: &SessionToken) -> Result<Actor> {
    let identity = engine.identify(token).await?.ok_or("a session that is not there")?;
    Ok(Actor::with(identity, Surface::Page))
}
