use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use tests::{TestApp, on_both};

on_both! {
    async fn others_can_check_tokens_with_the_published_keys(app: TestApp) {
        let published = app.stranger().get("/.well-known/jwks.json").await.ok(200);
        assert_eq!(published.header("cache-control"), Some("public, max-age=300"));
        let keys = published["keys"].as_array().unwrap();
        let admin = app.admin();
        let kid = decode_header(admin.token()).unwrap().kid.unwrap();
        let key = keys.iter().find(|key| key["kid"] == kid.as_str()).unwrap();
        assert!(key.get("d").is_none(), "the private half stays here");

        let x = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&["http://localhost:8080/v1"]);
        let claims = decode::<Value>(admin.token(), &x, &rules).unwrap().claims;
        assert_eq!(claims["firm"], app.firm.to_string());
        assert_eq!(claims["sub"], admin.id().to_string());
    }
}
