package client

// A rule is what this package knows about one operation and the OpenAPI document
// cannot say.
type rule struct {
	// refuse names an argument that must not be sent, and says why. It may complete the
	// call.
	refuse func(c *call) (arg, reason string)
	// lacks says what this version of Hydra does not have, if the response shows that.
	lacks func(c *call, e *Error, style func() styleID) (reason string)
	// ignored says which parameter the server has ignored, if its page shows that.
	ignored func(c *call, items any) (reason string)
	// identity tells an item of a list from the others, if servers do not keep its order.
	identity func(item any) string
}

// none is the rule of an operation that needs none.
var none = rule{}

// rules has a row for each generated operation.
var rules = map[*operation]rule{
	&opAcceptConsentRequest:             {lacks: lacksMembers},
	&opAcceptLoginRequest:               {refuse: refuseLogin, lacks: lacksMembers},
	&opAcceptLogoutRequest:              none,
	&opAcceptUserCodeRequest:            {refuse: refuseUserCode},
	&opCreateJSONWebKeySet:              {refuse: refuseGenerator, lacks: lacksAlgorithm},
	&opCreateOAuth2Client:               {refuse: refuseClient},
	&opDeleteJSONWebKey:                 none,
	&opDeleteJSONWebKeySet:              none,
	&opDeleteOAuth2Client:               none,
	&opDeleteOAuth2Token:                none,
	&opDeleteRotatedOAuth2ClientSecrets: none,
	&opDeleteTrustedJWTGrantIssuer:      none,
	&opFlushInactiveOAuth2Tokens:        none,
	&opGetConsentRequest:                none,
	&opGetJSONWebKey:                    none,
	&opGetJSONWebKeySet:                 none,
	&opGetLoginRequest:                  none,
	&opGetLogoutRequest:                 none,
	&opGetOAuth2Client:                  none,
	&opGetTrustedJWTGrantIssuer:         none,
	&opGetVersion:                       none,
	&opIntrospectOAuth2Token:            none,
	&opIsAlive:                          none,
	&opIsReady:                          none,
	&opListOAuth2Clients:                none,
	&opListSubjectConsentSessions:       {ignored: ignoredSession, identity: sessionID},
	&opListTrustedJWTGrantIssuers:       none,
	&opPatchOAuth2Client:                {refuse: refusePatch, lacks: lacksPatch},
	&opRejectConsentRequest:             {refuse: completeRejection},
	&opRejectLoginRequest:               {refuse: completeRejection},
	&opRejectLogoutRequest:              none,
	&opRevokeAuthenticationSession:      {refuse: refuseSessions, lacks: lacksParameters},
	&opRevokeConsentSessions:            {refuse: refuseSelectors, lacks: lacksParameters},
	&opRotateOAuth2ClientSecret:         none,
	&opTrustJWTGrantIssuer:              {refuse: refuseTrust},
	&opUpdateJSONWebKey:                 {refuse: refuseKey},
	&opUpdateJSONWebKeySet:              {refuse: refuseKeySet},
	&opUpdateOAuth2Client:               none,
	&opUpdateOAuth2ClientLifespans:      none,
}
