use api::auth::{keys::NewKey, secrets::Secrets, token::Claims};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{TestApp, document::operations, on_both};

/// The claims of a good token.
fn claims(token: &str) -> Claims {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn header(app: &TestApp) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(app.state.tokens.keys().current().kid.clone());
    header
}

/// Signed with the server's own key, so that nothing but the difference can be refused.
fn signed(app: &TestApp, header: &Header, claims: &impl serde::Serialize) -> String {
    encode(header, claims, &app.state.tokens.keys().current().private).unwrap()
}

fn unsigned(header: &Value, claims: &Claims) -> String {
    let part = |value: String| URL_SAFE_NO_PAD.encode(value);
    let claims = serde_json::to_string(claims).unwrap();
    format!("{}.{}.", part(header.to_string()), part(claims))
}

async fn refused(app: &TestApp, why: &str, token: String) {
    let reply = app.stranger().with_token(token).get("/v1/me").await;
    assert_eq!(reply.status, 401, "{why}: {}", reply.text);
}

on_both! {
    async fn without_a_token_nothing_opens_that_is_not_public(app: TestApp) {
        for operation in operations().iter().filter(|operation| !operation.public()) {
            let method = operation.method.parse::<Method>().unwrap();
            let path = operation.some_path();
            let bare = app.stranger().request(method.clone(), &path);
            let _ = app.stranger().send(bare).await.problem(401, "unauthenticated");
            let basic = app.stranger().with("authorization", "Basic YTpi");
            let _ = basic.send(basic.request(method, &path)).await.problem(401, "unauthenticated");
        }
    }

    async fn the_token_that_the_others_are_made_from_holds(app: TestApp) {
        let again = signed(&app, &header(&app), &claims(app.admin().token()));
        app.stranger().with_token(again).get("/v1/me").await.ok(200);
    }

    async fn a_forged_token_is_refused_everywhere(app: TestApp) {
        let secrets = Secrets::new([9; 32]);
        let other = NewKey::generate(&secrets).unwrap();
        let private = secrets.open(&other.kid, &other.private_sealed).unwrap();
        let key = EncodingKey::from_ed_der(&private);
        let forged = encode(&header(&app), &claims(app.admin().token()), &key).unwrap();
        for operation in operations().iter().filter(|operation| !operation.public()) {
            let client = app.stranger().with_token(forged.clone());
            let request = client.request(operation.method.parse().unwrap(), &operation.some_path());
            let _ = client.send(request).await.problem(401, "unauthenticated");
        }
        let mut unknown = header(&app);
        unknown.kid = Some(other.kid.clone());
        let token = encode(&unknown, &claims(app.admin().token()), &key).unwrap();
        refused(&app, "a key that is not ours", token).await;
    }

    async fn a_token_for_others_or_of_another_kind_is_refused(app: TestApp) {
        let good = claims(app.admin().token());
        let with = |change: fn(&mut Claims)| {
            let mut claims = good.clone();
            change(&mut claims);
            signed(&app, &header(&app), &claims)
        };
        refused(&app, "audience", with(|claims| claims.aud = "https://other.example".to_owned())).await;
        refused(&app, "issuer", with(|claims| claims.iss = "https://other.example".to_owned())).await;
        refused(&app, "client", with(|claims| claims.client_id = "other".to_owned())).await;
        refused(&app, "not yet", with(|claims| claims.nbf += 3600)).await;
        refused(&app, "user", with(|claims| claims.sub = domain::ids::UserId(claims.sid.0))).await;

        let mut typed = header(&app);
        typed.typ = Some("JWT".to_owned());
        refused(&app, "typ", signed(&app, &typed, &good)).await;
        for missing in ["iss", "aud", "sub", "exp", "nbf", "sid", "firm"] {
            let mut claims = serde_json::to_value(&good).unwrap();
            claims.as_object_mut().unwrap().remove(missing);
            refused(&app, missing, signed(&app, &header(&app), &claims)).await;
        }
    }

    async fn a_token_without_a_signature_or_with_a_public_secret_is_refused(app: TestApp) {
        let good = claims(app.admin().token());
        let keys = app.state.tokens.keys();
        let kid = keys.current().kid.clone();
        for alg in ["none", "None", "NONE"] {
            let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
            refused(&app, alg, unsigned(&header, &good)).await;
        }
        // The public key taken for a shared secret.
        let mut hmac = header(&app);
        hmac.alg = Algorithm::HS256;
        let public = EncodingKey::from_secret(&keys.current().public_bytes);
        refused(&app, "HS256", encode(&hmac, &good, &public).unwrap()).await;

        let token = app.admin().token().to_owned();
        refused(&app, "cut off", token[..token.len() - 10].to_owned()).await;
        refused(&app, "unsigned", format!("{}.", token.rsplit_once('.').unwrap().0)).await;
        for nonsense in ["", "x", "..", "a.b.c"] {
            refused(&app, nonsense, nonsense.to_owned()).await;
        }
    }

    async fn a_token_ends_with_its_time(app: TestApp) {
        let admin = app.admin();
        admin.get("/v1/me").await.ok(200);
        app.clock.advance(TimeDelta::seconds(899));
        admin.get("/v1/me").await.ok(200);
        app.clock.advance(TimeDelta::seconds(1));
        let refused = admin.get("/v1/me").await.problem(401, "unauthenticated");
        assert_eq!(refused["detail"], "The access token has expired.");
    }
}
