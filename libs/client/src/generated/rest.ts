// Made of docs/openapi.json by `npm run client:generate`. Do not edit.

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Overview of this process */
        get: operations["Health_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does the process run? */
        get: operations["Health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can the process take requests? */
        get: operations["Health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account
         * @description The account gets a workspace of its own and is logged in. The first account of an installation becomes its admin and owner of the default workspace.
         */
        post: operations["Auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description A wrong password and an unknown user get the same answer.
         */
        post: operations["Auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for new tokens
         * @description Each refresh token is good once and for 30 days. One that comes a second time ends the whole login.
         */
        post: operations["Auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends this login with all its tokens, everywhere within 5 seconds. Your other logins go on. A body is not needed.
         */
        post: operations["Auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are */
        get: operations["Auth_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the workspaces that you are a member of, the personal one first */
        get: operations["Workspaces_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a workspace */
        get: operations["Workspaces_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename a workspace, or say who keeps the context of its conversations */
        patch: operations["Workspaces_change"];
        trace?: never;
    };
    "/personas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the personas that you can use, newest first */
        get: operations["Personas_list"];
        put?: never;
        /**
         * Make a persona
         * @description Only `name` is needed. `model`, `temperature` and `max_tokens` that are left out follow the instance, also when its defaults change.
         */
        post: operations["Personas_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suggest the texts of a persona
         * @description Built from templates, without a model: the same input gives the same texts. Nothing is saved; send what you like to POST /personas.
         */
        post: operations["Personas_generate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a persona */
        get: operations["Personas_get"];
        /**
         * Change a persona
         * @description The same as PATCH: what is left out stays as it is, null sets a field back to its default. New content makes a new version; the same content makes none.
         */
        put: operations["Personas_put"];
        post?: never;
        /**
         * Delete a persona
         * @description Its conversations can still be read but take no more messages.
         */
        delete: operations["Personas_delete"];
        options?: never;
        head?: never;
        /**
         * Change parts of a persona
         * @description What is left out stays as it is, null sets a field back to its default. New content makes a new version; the same content makes none.
         */
        patch: operations["Personas_patch"];
        trace?: never;
    };
    "/personas/{persona_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a persona, newest first */
        get: operations["PersonaVersions_list"];
        put?: never;
        /**
         * Make a draft
         * @description A version that answers nobody until it is published or part of an experiment. What is left out is taken from `based_on_version`, or from the published version. A version never changes: a changed draft is a new one, based on it.
         */
        post: operations["PersonaVersions_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one version of a persona */
        get: operations["PersonaVersions_get"];
        put?: never;
        post?: never;
        /**
         * Delete a draft
         * @description Only one that has never answered. Its number is not used again.
         */
        delete: operations["PersonaVersions_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/versions/{version}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a draft, or go back to an older version
         * @description From the next turn on this version answers. Nothing is copied: the version keeps its number. A body is not needed; with `expected_version` nothing changes if somebody else has published another one meanwhile.
         */
        post: operations["PersonaVersions_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/versions/{version}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring an old version back as a new one
         * @description Makes a new version with the old content and answers with the persona; …/publish goes back without a copy. Who may see it does not change. A body is not needed.
         */
        post: operations["PersonaVersions_rollBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the experiments of a persona, newest first */
        get: operations["Experiments_list"];
        put?: never;
        /**
         * Compare two versions of a persona
         * @description From now on a conversation that begins gets one of the two by chance and keeps it until the experiment is stopped. Conversations that have begun before go on with the published version. One experiment runs at a time.
         */
        post: operations["Experiments_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/experiments/{experiment_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an experiment
         * @description A body is not needed. From the next turn on everybody gets the published version: that of the winner, when `publish` names one.
         */
        post: operations["Experiments_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your conversations, the most recently used first */
        get: operations["Conversations_list"];
        put?: never;
        /** Start a conversation with a persona */
        post: operations["Conversations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a conversation */
        get: operations["Conversations_get"];
        /** Rename a conversation, change its persona, close or reopen it */
        put: operations["Conversations_update"];
        post?: never;
        /** Erase a conversation and its messages */
        delete: operations["Conversations_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For debugging: what the model is told about the part that is not sent along any more */
        get: operations["Summaries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message and get the reply
         * @description Waits for the reply (60 s by default) and returns both messages. When it takes longer, or with `Prefer: respond-async`, the answer is 202 with the turn; ask for it with GET /chat/turns/{turn_id}. With `Accept: text/event-stream` the reply is streamed. A 2xx means that the message is stored and will be answered.
         */
        post: operations["Messages_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read messages: the newest page, or before/after a seq */
        get: operations["Messages_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/messages/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Edit a user message and go on from there
         * @description The new text becomes a message of its own, and is answered as if what followed the old one had not been said. The old branch stays; its messages have `is_current: false`. Replies to it that are still being written are cancelled. Answers like a send.
         */
        put: operations["MessageActions_edit"];
        post?: never;
        /** Erase a message; one that still waits for its answer is cancelled */
        delete: operations["Messages_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/messages/{message_id}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another reply to the same message
         * @description Takes the id of a reply, or of the user message. The other replies are kept (GET /chat/messages/{message_id}/siblings); the latest one that worked counts for what follows. Answers like a send.
         */
        post: operations["MessageActions_regenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/messages/{message_id}/siblings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alternatives of a message: replies to the same message, or edits of it */
        get: operations["MessageActions_siblings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/messages/{message_id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what you think of a reply; the last opinion counts */
        post: operations["MessageActions_rate"];
        /** Take an opinion back */
        delete: operations["MessageActions_takeRatingBack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/turns/{turn_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of a message */
        get: operations["Turns_turn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/turns/{turn_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read along while a reply is written
         * @description Server-sent events: `turn.started`, `message.delta` (text and where it belongs, in UTF-16 code units), `message.tool_call`, `message.reset` (an attempt failed after text was shown: throw the text away), and at the end one of `message.completed`, `turn.failed`, `turn.cancelled`, `turn.handed_off` (a person answers) and `turn.merged`, each with the whole `assistant_message` and its `usage`. Events are numbered per turn; connect again with `Last-Event-ID` to get what you have missed, at any api process. Text that a slow reader missed comes in one piece. Closing the connection does not stop the turn.
         */
        get: operations["Turns_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/turns/{turn_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a reply
         * @description The call to the model ends, and what was written so far is kept as a message with status `cancelled`. A turn that is already over is returned as it is. 202: its worker has not answered within 5 seconds; the turn will be cancelled.
         */
        post: operations["Turns_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/open-turns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Turns that are not over: what can be watched or stopped after coming back */
        get: operations["Turns_openTurns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a picture for a message
         * @description The body is the picture itself, with its content-type. Name the `id` in `images` when you send a message. A picture that no message uses is removed after 24 hours. At most 10 MB (UPLOAD_MAX_BYTES) and 10,000 pixels in each direction; up to 100 MB of unused ones per user (UPLOAD_QUOTA_BYTES).
         */
        post: operations["Uploads_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a picture that you uploaded */
        get: operations["Uploads_read"];
        put?: never;
        post?: never;
        /** Remove a picture that no message uses */
        delete: operations["Uploads_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the clients of your workspaces, newest first */
        get: operations["Clients_list"];
        put?: never;
        /**
         * Add a client
         * @description The person that sessions are about. Every member of the workspace can see and change it.
         */
        post: operations["Clients_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clients/{client_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a client */
        get: operations["Clients_get"];
        put?: never;
        post?: never;
        /**
         * Erase a client with its sessions and all that was said in them
         * @description Copies of the conversations at the model API go, too. What they cost stays in the ledger, without content.
         */
        delete: operations["Clients_delete"];
        options?: never;
        head?: never;
        /**
         * Change a client
         * @description The next answer in its sessions knows what is new. Null takes away `email`, `phone` or `external_id`.
         */
        patch: operations["Clients_update"];
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your sessions, newest first */
        get: operations["CoachingSessions_list"];
        put?: never;
        /**
         * Start a session
         * @description A client and a persona of one workspace. The persona is told who the client is and what the goals are. The session ends by itself when nothing was said for `timeout_ms`: the persona’s `session_timeout_ms`, or `SESSION_TIMEOUT` of the instance.
         */
        post: operations["CoachingSessions_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a session */
        get: operations["CoachingSessions_get"];
        put?: never;
        post?: never;
        /** Erase a session and all that was said in it */
        delete: operations["CoachingSessions_delete"];
        options?: never;
        head?: never;
        /** Change the goals of a session */
        patch: operations["CoachingSessions_update"];
        trace?: never;
    };
    "/sessions/{session_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a session
         * @description It takes no message any more, and the model sums it up: see `summary`, `summary_status`. What is being answered still is. One that has ended before stays as it is.
         */
        post: operations["CoachingSessions_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a session that has ended
         * @description The persona knows what was said before, and the time until it ends by itself begins anew.
         */
        post: operations["CoachingSessions_reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the messages of a session: the newest page, or before/after a seq */
        get: operations["SessionMessages_list"];
        put?: never;
        /**
         * Say something in a session and get the reply
         * @description Waits for the reply (60 s by default) and returns both messages. When it takes longer, or with `Prefer: respond-async`, the answer is 202 with the turn; ask for it with GET /chat/turns/{turn_id}. With `Accept: text/event-stream` the reply is streamed. A 2xx means that the message is stored and will be answered. 409 `SESSION.ENDED`: reopen it, or start another one.
         */
        post: operations["SessionMessages_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can the AI be reached? */
        get: operations["ChatHealth_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/openai": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the upstream keeps of a conversation */
        get: operations["OpenAiConversation_get"];
        put?: never;
        /** Make a new copy at the upstream of the history here, in place of the one before */
        post: operations["OpenAiConversation_rebuild"];
        /** Delete what the upstream keeps of a conversation; the history here stays */
        delete: operations["OpenAiConversation_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/openai/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the items that the upstream keeps of a conversation, oldest first */
        get: operations["OpenAiConversation_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See how a persona answers, without storing anything
         * @description Of any version, and with changes that are not saved. It needs no conversation and makes none; the call is in the usage ledger like every other. With `Accept: text/event-stream` the answer is streamed. Ending the request stops the model.
         */
        post: operations["Preview_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/model-warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the personas whose models end, have ended or are not known
         * @description The personas that you may change; for an instance administrator those of everybody. Each with what to do. The list of the model API is read once a day.
         */
        get: operations["ModelWarnings_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the budgets of the workspaces that you own, newest first */
        get: operations["Budgets_list"];
        put?: never;
        /**
         * Set a budget
         * @description Room is held before each call and settled after it, so that parallel messages cannot overrun it together. A message that does not fit is refused with 429 `BUDGET.EXCEEDED` and `resets_at`. Calls of the running period that were made before count too.
         */
        post: operations["Budgets_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/budgets/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What limits you, and what is left of it */
        get: operations["Budgets_mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/budgets/{budget_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a budget with its running period */
        get: operations["Budgets_get"];
        put?: never;
        post?: never;
        /** Delete a budget: nothing is limited by it any more */
        delete: operations["Budgets_remove"];
        options?: never;
        head?: never;
        /**
         * Change a budget
         * @description It counts at once. Scope, unit and period stay: make another budget for those.
         */
        patch: operations["Budgets_change"];
        trace?: never;
    };
    "/budgets/{budget_id}/periods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used of a budget, newest period first; one line per user where each user counts alone */
        get: operations["Budgets_periods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/budgets/{budget_id}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which limits were reached, and whether the webhook was told; the newest 200 */
        get: operations["Budgets_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/re-ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List re-ratings, the newest first
         * @description For instance admins.
         */
        get: operations["ReRatings_list"];
        put?: never;
        /**
         * Rate calls of the past again
         * @description For instance admins. Changes of prices do it by themselves. Each call gets the cost that the prices of now say for the time when it started.
         */
        post: operations["ReRatings_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/re-ratings/{re_rating_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how far a re-rating is, and what it has changed
         * @description For instance admins.
         */
        get: operations["ReRatings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List prices, the newest rows first
         * @description With `at`: only those in force then.
         */
        get: operations["Prices_list"];
        put?: never;
        /**
         * Set a price
         * @description For instance admins. With a date in the past, calls since then are rated again in the background, unless `is_rerated` is false.
         */
        post: operations["Prices_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take prices over from a package
         * @description For instance admins. Adds and changes rows of the provider `openai`; what an admin has set is never changed, nor is the time for which it is in force. Try `is_dry_run` first.
         */
        post: operations["Prices_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/{price_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a price and its changes
         * @description Deleted ones too: calls were rated with them.
         */
        get: operations["Prices_get"];
        put?: never;
        post?: never;
        /**
         * Take a price out of use
         * @description For instance admins. Calls that were rated with it get the price that was in force before it, or none, unless `is_rerated` is false. It can still be read by its id.
         */
        delete: operations["Prices_delete"];
        options?: never;
        head?: never;
        /**
         * Correct a price
         * @description For instance admins. Calls that it concerns are rated again in the background, unless `is_rerated` is false.
         */
        patch: operations["Prices_change"];
        trace?: never;
    };
    "/analytics/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls to models and their tokens, over time */
        get: operations["Analytics_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What calls cost, over time, by day or month, per message */
        get: operations["Analytics_cost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long calls waited, took to the first token, and took in all */
        get: operations["Analytics_latency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which calls failed, why, and how many were repeated */
        get: operations["Analytics_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many conversations began, were active and were deleted, and how long they are */
        get: operations["Analytics_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your conversations, messages, tokens and their cost */
        get: operations["ChatStats_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/personas/{persona_id}/experiments/{experiment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an experiment with its results
         * @description What each version cost, how fast it was, and what people thought of it. `a` and `b` add up to `total`, and `total` to the usage ledger.
         */
        get: operations["ExperimentReports_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read when people take over
         * @description What counts: the persona's own rules, else those of its workspace, else those of the installation. For owners of the workspace.
         */
        get: operations["Rules_get"];
        /**
         * Say when people take over
         * @description What is left out gets its default. It counts at once, in all processes within seconds. Try rules first with POST /escalations/rules/backtest.
         */
        put: operations["Rules_save"];
        post?: never;
        /** Remove rules: what is more general counts again */
        delete: operations["Rules_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/rules/backtest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try rules on what was said before
         * @description Which messages would have brought a person in, and why. Nothing is changed. Looked at are conversations of support chats and other doors for customers, and your own; what members say to personas for themselves is not. For owners of the workspace.
         */
        post: operations["Backtest_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the people who take over in a workspace */
        get: operations["Agents_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/agents/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say whether you are there, what you know and how much you take
         * @description As an agent, or an owner, of the workspace. What is left out stays. Whoever is not there any more gives back what was assigned to them and not taken yet.
         */
        put: operations["Agents_changeMe"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/agents/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a member of your workspace an agent, or change one
         * @description Agents see the conversations that are handed over, and answer them. For owners. What is left out stays.
         */
        put: operations["Agents_save"];
        post?: never;
        /**
         * Somebody is no agent any more
         * @description What is theirs goes back to the queue, also what they have taken: no model answers there until it ends. For owners, and for oneself.
         */
        delete: operations["Agents_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what people are to take over, or have taken, in a workspace of whose team you are */
        get: operations["Escalations_list"];
        put?: never;
        /**
         * Ask for a person in a conversation
         * @description In your own; or as somebody of the team, in one with a visitor. The customer is told.
         */
        post: operations["Escalations_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an escalation: why, what happened, and a draft if there is one */
        get: operations["Escalations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was said: the newest page, or before/after a seq
         * @description Up to its end: what the customer and the AI say afterwards is not shown here.
         */
        get: operations["Escalations_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file that the customer has sent through a channel, such as a voice message
         * @description Of the messages that can be read here; its message names it. Pictures are part of their messages.
         */
        get: operations["Escalations_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take it: from now on you answer, and no model does
         * @description What a model is writing at this moment is thrown away (and paid for). 409 `ESCALATION.TAKEN`: somebody else has it.
         */
        post: operations["Escalations_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who is to take one that is open
         * @description The conversation is theirs when they claim it.
         */
        post: operations["Escalations_assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand on what you have
         * @description To somebody, or without `user_id` back to the queue, from where it is assigned to somebody else than who had it. The conversation stays with people: no model answers meanwhile. Owners hand on what others have.
         */
        post: operations["Escalations_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say something to the customer
         * @description It is a message with the role `agent`.
         */
        post: operations["Escalations_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write something down for the team; the customer never sees it */
        post: operations["Escalations_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set its tags */
        put: operations["Escalations_tag"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a model sum it up and suggest a reply, anew
         * @description It is done once by itself at the beginning. `summary` and `suggested_reply` have it when it is there; sockets of the team are told.
         */
        post: operations["Escalations_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * It is done
         * @description The customer is told, and asked how it was where the rules say so. What they write later is answered by the AI, which does not take the old case up again.
         */
        post: operations["Escalations_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/escalations/{escalation_id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give it back to the AI
         * @description The customer is told. The AI begins anew: it is not told what was said before.
         */
        post: operations["Escalations_giveBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/conversations/{conversation_id}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether you are asked how it was with the person who helped you */
        get: operations["Ratings_get"];
        /** Say how it was */
        put: operations["Ratings_rate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/session/{sessionId}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the visitor is asked how it was with the person who helped */
        get: operations["VisitorRatings_get"];
        /** Say how it was, also when the session is over */
        put: operations["VisitorRatings_rate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the webhooks of a workspace that you own */
        get: operations["Webhooks_list"];
        put?: never;
        /**
         * Have your server told what happens to escalations
         * @description Signed as standardwebhooks.com says, tried again for more than a day when your server does not answer with 2xx. Nothing of what was said is sent.
         */
        post: operations["Webhooks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook */
        get: operations["Webhooks_get"];
        put?: never;
        post?: never;
        /** Remove a webhook, with what it was told */
        delete: operations["Webhooks_remove"];
        options?: never;
        head?: never;
        /** Change a webhook, or switch it off and on */
        patch: operations["Webhooks_change"];
        trace?: never;
    };
    "/webhooks/{webhook_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a new secret, which is shown this once */
        post: operations["Webhooks_replaceSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it was told, newest first; 30 days back */
        get: operations["Webhooks_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one again that has not arrived */
        post: operations["Webhooks_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a support session
         * @description Anybody may: the answer’s `sessionId` is the secret that the other calls need. Say which support chat you mean with its public key; without one the default workspace answers, where that is allowed (`SUPPORT_KEYLESS`).
         */
        post: operations["SupportChat_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say something in a support session and get the answer
         * @description Waits for the answer (60 s by default, `SEND_WAIT_MS`). When it takes longer, or with `Prefer: respond-async`, the answer is 202. With `Accept: text/event-stream` it is streamed. A 2xx means that the message is stored and will be answered.
         */
        post: operations["SupportChat_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/history/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was said in a support session: the newest page, or before/after a seq
         * @description Also when the session is over.
         */
        get: operations["SupportChat_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/session/{sessionId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a support session: it can be read, and nothing more be said */
        post: operations["SupportChat_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chat/session/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a support session and everything that was said in it
         * @description What it cost stays in the ledger as numbers, without content.
         */
        delete: operations["SupportChat_erase"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/support-door": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the support chat of a workspace that you own */
        get: operations["SupportDoors_get"];
        /**
         * Make the support chat of a workspace, or change it
         * @description What is left out gets its default. The public key and the identity secret stay.
         */
        put: operations["SupportDoors_save"];
        post?: never;
        /** Remove the support chat: its key and its secret end, what was said stays */
        delete: operations["SupportDoors_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/support-door/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new public key
         * @description The former one lets nobody in any more, within seconds. Sessions that have begun go on.
         */
        post: operations["SupportDoors_replaceKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/support-door/identity-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new identity secret, with which your server vouches for its visitors
         * @description It is shown this once. The former one proves nothing any more, within seconds.
         */
        post: operations["SupportDoors_replaceSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this installation is: active sessions, waiting messages, latency */
        get: operations["SupportHealth_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the channels of a workspace that you own */
        get: operations["Channels_list"];
        put?: never;
        /**
         * Let people of another system, such as WhatsApp, talk with a persona
         * @description For owners of the persona’s workspace. docs/channels.md says where the credentials come from.
         */
        post: operations["Channels_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a channel */
        get: operations["Channels_get"];
        put?: never;
        post?: never;
        /**
         * Remove a channel with its credentials and people, and what waits to come in or go out
         * @description What was said stays in its conversations.
         */
        delete: operations["Channels_remove"];
        options?: never;
        head?: never;
        /**
         * Change a channel, its settings or its credentials, or switch it off and on
         * @description What is left out stays, also single settings and credentials. It counts in all processes within seconds.
         */
        patch: operations["Channels_change"];
        trace?: never;
    };
    "/channels/{channel_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a channel out
         * @description Asks the other system with the stored credentials, and says what is missing. Nothing is sent to people.
         */
        post: operations["Channels_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a channel does: what came, what went, what waits, what was given up, how long it took */
        get: operations["ChannelFigures_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the people who have written through a channel, newest first */
        get: operations["Identities_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/identities/{identity_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a person of a channel */
        get: operations["Identities_get"];
        put?: never;
        post?: never;
        /**
         * Erase a person: their conversations, what waits, and who they are
         * @description What it cost stays as numbers. If they write again they are somebody new.
         */
        delete: operations["Identities_erase"];
        options?: never;
        head?: never;
        /** Say that a person wants no messages, or wants them again, or which client they are */
        patch: operations["Identities_change"];
        trace?: never;
    };
    "/webhooks/whatsapp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** WhatsApp asks whether this address is meant for it */
        get: operations["shake_hands_with_whatsapp"];
        put?: never;
        /**
         * WhatsApp tells what has happened there, such as a message
         * @description Signed with the secret of the channel. 200 means that it is stored; what comes twice counts once.
         */
        post: operations["take_whatsapp_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/whatsapp/{channel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * WhatsApp asks whether this address is meant for it, for one channel
         * @description At this address it is for this channel only.
         */
        get: operations["shake_hands_with_whatsapp_for_channel"];
        put?: never;
        /**
         * WhatsApp tells what has happened there, for one channel
         * @description At this address it is for this channel only.
         */
        post: operations["take_whatsapp_hook_of_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/instagram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Instagram asks whether this address is meant for it */
        get: operations["shake_hands_with_instagram"];
        put?: never;
        /**
         * Instagram tells what has happened there, such as a message
         * @description Signed with the secret of the channel. 200 means that it is stored; what comes twice counts once.
         */
        post: operations["take_instagram_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/instagram/{channel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Instagram asks whether this address is meant for it, for one channel
         * @description At this address it is for this channel only.
         */
        get: operations["shake_hands_with_instagram_for_channel"];
        put?: never;
        /**
         * Instagram tells what has happened there, for one channel
         * @description At this address it is for this channel only.
         */
        post: operations["take_instagram_hook_of_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/mattermost/outgoing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mattermost tells of a post (outgoing webhook)
         * @description With the webhook's token, as a form or as JSON. Without a number it is for the channel whose token it has, if that is one only.
         */
        post: operations["take_mattermost_outgoing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/mattermost/{channel_id}/outgoing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mattermost tells of a post (outgoing webhook), for one channel */
        post: operations["take_mattermost_outgoing_of_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/mattermost/command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody has entered the slash command at Mattermost
         * @description With the command's token. Without a number it is for the channel whose token it has, if that is one only.
         */
        post: operations["take_mattermost_command"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/mattermost/{channel_id}/command": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody has entered the slash command at Mattermost, for one channel */
        post: operations["take_mattermost_command_of_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what came in through a channel, newest first
         * @description Without the texts: those are in the conversations. What is settled or given up stays for 30 days.
         */
        get: operations["Inbox_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/inbox/{inbox_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try again what was given up */
        post: operations["Inbox_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/threads/{conversation_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the AI answer again after somebody has written from another program
         * @description Such a message, from the business’s own app, stops the AI in that conversation (`settings.stop_ai_on_echo`).
         */
        post: operations["ChannelThreads_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file that somebody has sent, such as a voice message
         * @description Its message names it. Pictures are part of their messages instead.
         */
        get: operations["ChannelThreads_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a channel has sent, or could not send, newest first
         * @description Without the texts: those are in the conversation. 90 days back.
         */
        get: operations["Letters_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/channels/{channel_id}/outbox/{outbox_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message again that was given up, or came back */
        post: operations["Letters_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ComponentHealthResponse: {
            /**
             * @example up
             * @enum {string}
             */
            status: "down" | "up";
            /**
             * @description Duration of the check in milliseconds.
             * @example 1
             */
            latency_ms: number;
        };
        UpstreamHealthResponse: {
            /**
             * @description `closed`: calls go out. `open`: it failed too often, messages wait for it. `half_open`: one call tries whether it is back.
             * @example closed
             * @enum {string}
             */
            breaker: "closed" | "half_open" | "open";
            /**
             * @description Models that are held back until their rate limit allows calls again.
             * @example 0
             */
            held_models: number;
        };
        ModelsHealthResponse: {
            /**
             * @description `warning`: one of them was shut down, will be within `MODEL_WARNING_DAYS`, or is not known to the model API; GET /personas/model-warnings
             *     says whose. It changes nothing about the `status` of the process.
             * @example ok
             * @enum {string}
             */
            status: "ok" | "warning";
            /**
             * @description Models that were shut down.
             * @example 0
             */
            shut_down: number;
            /**
             * @description Models that will be, soon.
             * @example 0
             */
            ending_soon: number;
            /**
             * @description Models that the model API does not list.
             * @example 0
             */
            unknown: number;
            /**
             * Format: date-time
             * @description When the list of the model API was read last; null when it never was.
             * @example 2026-11-21T03:00:00.000Z
             */
            read_at: string | null;
        };
        ChannelsHealthResponse: {
            /**
             * @description `warning`: one of them cannot send, because the other system does not take its credentials (`problem_code` of GET /channels says which), or nobody listens
             *     to it. It changes nothing about the `status` of the process.
             * @example ok
             * @enum {string}
             */
            status: "ok" | "warning";
            /**
             * @description Channels that are switched on and whose credentials are not taken.
             * @example 0
             */
            refused: number;
            /**
             * @description Channels that are switched on, whose server has to be listened to, and that no worker has heard for two minutes: the server cannot be reached, or no worker runs.
             * @example 0
             */
            unheard: number;
        };
        OldKeyResponse: {
            /**
             * @description Its name in `ENCRYPTION_KEYS`.
             * @example k1
             */
            key: string;
            /**
             * @description Rows that are encrypted with it, counted up to a million; at 0 it can be removed, once every process encrypts with another one.
             * @example 0
             */
            values_left: number;
        };
        EncryptionHealthResponse: {
            /**
             * @description `rotating`: some values have an old key and get the current one. `key_missing`: some cannot be read, because `ENCRYPTION_KEYS` lacks their
             *     key; then the status of the process is `degraded`.
             * @example ok
             * @enum {string}
             */
            status: "key_missing" | "ok" | "rotating";
            /**
             * @description The key of new values.
             * @example k1
             */
            current_key: string;
            /**
             * @description The other keys of `ENCRYPTION_KEYS`.
             * @example []
             */
            old_keys: components["schemas"]["OldKeyResponse"][];
            /**
             * @description Names of keys that values have and `ENCRYPTION_KEYS` lacks.
             * @example []
             */
            missing_keys: string[];
        };
        HealthResponse: {
            /**
             * @description `healthy` when everything works; `degraded` (still 200) without the queue or while the model API is down
             *     (messages are accepted and answered, but later), and while a key of encrypted values is missing;
             *     `unhealthy` (503) without the database.
             * @example healthy
             * @enum {string}
             */
            status: "degraded" | "healthy" | "unhealthy";
            /** @example 0.1.0 */
            version: string;
            /**
             * @description Seconds since this process started.
             * @example 3600
             */
            uptime_seconds: number;
            /** @description The database, by name of what is needed. */
            database: components["schemas"]["ComponentHealthResponse"];
            /** @description The queue that wakes workers. */
            queue: components["schemas"]["ComponentHealthResponse"];
            /** @description The model API, as all workers together see it; null while that is not known. */
            upstream: components["schemas"]["UpstreamHealthResponse"] | null;
            /** @description The models in use; null while nothing is known of them. */
            models: components["schemas"]["ModelsHealthResponse"] | null;
            /** @description The channels of all workspaces; null while nothing is known of them. */
            channels: components["schemas"]["ChannelsHealthResponse"] | null;
            /** @description What is encrypted with which key; null while that is not known. */
            encryption: components["schemas"]["EncryptionHealthResponse"] | null;
        };
        ProbeResponse: {
            /**
             * @example ok
             * @enum {string}
             */
            status: "ok" | "unavailable";
        };
        ProblemFieldResponse: {
            /**
             * @description Name of the field, with dots for nested ones.
             * @example content
             */
            field: string;
            /**
             * @description What is wrong with it.
             * @example must be shorter than or equal to 32000 characters.
             */
            message: string;
        };
        ProblemResponse: {
            /**
             * @description A URN made of the code.
             * @example urn:parley:problem:REQUEST.INVALID
             */
            type: string;
            /**
             * @description The HTTP status in words.
             * @example Unprocessable Entity
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description What happened and what to do.
             * @example content: must be shorter than or equal to 32000 characters.
             */
            detail: string;
            /**
             * @description Stable code.
             * @example REQUEST.INVALID
             */
            code: string;
            /**
             * @description Quote it when you report a problem; it is in the logs too.
             * @example 0199c1f0-7d4e-7a01-9d0e-3f2b6c1a9e55
             */
            request_id: string;
            /**
             * Format: date-time
             * @description When a budget that is used up begins anew, for the code BUDGET.EXCEEDED.
             * @example 2026-12-01T00:00:00.000Z
             */
            resets_at?: string;
            /** @description The wrong fields, for status 422. */
            errors?: components["schemas"]["ProblemFieldResponse"][];
        };
        RegisterDto: {
            /**
             * Format: email
             * @description Your e-mail address. Upper and lower case are the same.
             * @example user@example.com
             */
            username: string;
            /**
             * @description 8 to 128 characters of any kind.
             * @example password123
             */
            password: string;
            /**
             * @description How you want to be called; 1 to 100 characters.
             * @example Sam Rivera
             */
            name?: string | null;
        };
        RegisteredResponse: {
            /**
             * @description Send it as `Authorization: Bearer …`.
             * @example eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjFhMmIzYzRkIn0.eyJsaWQiOjF9.c2lnbmF0dXJl
             */
            access_token: string;
            /**
             * @description Good once, for POST /auth/refresh.
             * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs
             */
            refresh_token: string;
            /**
             * @example bearer
             * @enum {string}
             */
            token_type: "bearer";
            /**
             * @description Seconds until the access token expires; at most 900.
             * @example 900
             */
            expires_in: number;
            /** @example 1 */
            id: number;
            /**
             * @description The e-mail address, in lower case.
             * @example user@example.com
             */
            username: string;
            /** @example Sam Rivera */
            name: string | null;
            /**
             * @description The first account of an installation is its admin.
             * @example false
             */
            is_instance_admin: boolean;
            /**
             * @description Your personal workspace.
             * @example 2
             */
            workspace_id: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
        };
        LoginDto: {
            /**
             * @description Your e-mail address.
             * @example user@example.com
             */
            username: string;
            /** @example password123 */
            password: string;
        };
        TokenResponse: {
            /**
             * @description Send it as `Authorization: Bearer …`.
             * @example eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjFhMmIzYzRkIn0.eyJsaWQiOjF9.c2lnbmF0dXJl
             */
            access_token: string;
            /**
             * @description Good once, for POST /auth/refresh.
             * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs
             */
            refresh_token: string;
            /**
             * @example bearer
             * @enum {string}
             */
            token_type: "bearer";
            /**
             * @description Seconds until the access token expires; at most 900.
             * @example 900
             */
            expires_in: number;
        };
        RefreshDto: {
            /**
             * @description The newest refresh token that you got. Each is good once.
             * @example prt_1q0Zl3mVbT5cXk0nqJYwH8m3u2fYp6dE4sR7aG9hWxs
             */
            refresh_token: string;
        };
        WorkspaceResponse: {
            /** @example 2 */
            id: number;
            /** @example Sam Rivera */
            name: string;
            /**
             * @description Everybody has one personal workspace; teams share the others.
             * @example personal
             * @enum {string}
             */
            kind: "personal" | "team";
            /**
             * @description An owner may edit what the workspace's members share.
             * @example owner
             * @enum {string}
             */
            role: "member" | "owner";
        };
        MeResponse: {
            /** @description The workspaces that you are a member of, the personal one first; at most 200. */
            workspaces: components["schemas"]["WorkspaceResponse"][];
            /** @example 1 */
            id: number;
            /**
             * @description The e-mail address, in lower case.
             * @example user@example.com
             */
            username: string;
            /** @example Sam Rivera */
            name: string | null;
            /**
             * @description The first account of an installation is its admin.
             * @example false
             */
            is_instance_admin: boolean;
            /**
             * @description Your personal workspace.
             * @example 2
             */
            workspace_id: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
        };
        WorkspaceDetailResponse: {
            /** @example 2 */
            id: number;
            /** @example Sam Rivera */
            name: string;
            /**
             * @description Everybody has one personal workspace; teams share the others.
             * @example personal
             * @enum {string}
             */
            kind: "personal" | "team";
            /**
             * @description An owner may edit what the workspace's members share.
             * @example owner
             * @enum {string}
             */
            role: "member" | "owner";
            /**
             * @description Who keeps the context of conversations whose persona does not say it; null: the default, `stateless`.
             * @enum {string|null}
             */
            conversation_state: "conversation" | "hybrid" | "stateless" | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
        };
        WorkspaceListResponse: {
            /** @description At most 200. */
            workspaces: components["schemas"]["WorkspaceDetailResponse"][];
        };
        ChangeWorkspaceDto: {
            /**
             * @description 1 to 100 characters, on one line.
             * @example Support team
             */
            name?: string;
            /**
             * @description Who keeps the context of conversations whose persona does not say it: `stateless` (it stays here and is sent with every message),
             *     `conversation` (a conversation at OpenAI) or `hybrid` (both). Null: the default, `stateless`.
             * @example hybrid
             * @enum {string|null}
             */
            conversation_state?: "conversation" | "hybrid" | "stateless" | null;
        };
        UserLocationDto: {
            /** @example Berlin */
            city?: string;
            /** @example Brandenburg */
            region?: string;
            /**
             * @description ISO 3166-1, two letters.
             * @example DE
             */
            country?: string;
            /**
             * @description IANA time zone.
             * @example Europe/Berlin
             */
            timezone?: string;
        };
        WebSearchToolDto: {
            /** @enum {string} */
            type: "web_search";
            /**
             * @description How much of what was found the model reads.
             * @example medium
             * @enum {string}
             */
            search_context_size?: "high" | "low" | "medium";
            /**
             * @description Only these domains and what is below them; up to 20.
             * @example [
             *       "example.com"
             *     ]
             */
            allowed_domains?: string[];
            /** @description Roughly where the people are who ask. */
            user_location?: components["schemas"]["UserLocationDto"];
        };
        FileSearchToolDto: {
            /** @enum {string} */
            type: "file_search";
            /**
             * @description 1 to 10 ids.
             * @example [
             *       "vs_68a1c2"
             *     ]
             */
            vector_store_ids: string[];
            /**
             * @description 1 to 50 parts of files per search.
             * @example 5
             */
            max_num_results?: number;
        };
        CodeContainerDto: {
            /** @enum {string} */
            type: "auto";
        };
        CodeInterpreterToolDto: {
            /** @enum {string} */
            type: "code_interpreter";
            /** @description Only `auto`: the upstream makes a container for each conversation. */
            container?: components["schemas"]["CodeContainerDto"];
        };
        McpToolDto: {
            /** @enum {string} */
            type: "mcp";
            /**
             * @description A name for it; one per server.
             * @example docs
             */
            server_label: string;
            /**
             * @description `https` only, without credentials, query or fragment: secrets are often kept in those, and a persona stores none.
             * @example https://mcp.example.com/mcp
             */
            server_url: string;
            /**
             * @description Only these tools of the server; up to 50 names. Without it: all.
             * @example [
             *       "search"
             *     ]
             */
            allowed_tools?: string[];
        };
        ResponseFormatDto: {
            /**
             * @description A JSON schema of at most 20,000 bytes.
             * @example {
             *       "type": "object",
             *       "properties": {
             *         "topic": {
             *           "type": "string"
             *         }
             *       },
             *       "required": [
             *         "topic"
             *       ],
             *       "additionalProperties": false
             *     }
             */
            schema: {
                [key: string]: unknown;
            };
            /**
             * @description 1 to 64 letters, digits, _ or -.
             * @example ticket
             */
            name: string;
            /**
             * @description The upstream guarantees the fit; it then takes only part of JSON Schema (each object closed, each field required).
             * @example true
             */
            strict?: boolean;
        };
        PiiRedactionDto: {
            /**
             * @description Kinds of personal data to find by their form. Without it: all of them.
             * @example [
             *       "email",
             *       "phone",
             *       "card",
             *       "iban"
             *     ]
             */
            types?: ("card" | "email" | "iban" | "phone")[];
            /**
             * @description Up to 100 words or phrases of 2 to 100 characters, found in any case where they stand as whole words.
             * @example [
             *       "Project Falcon"
             *     ]
             */
            custom?: string[];
        };
        AnswerCacheDto: {
            /**
             * @description Seconds for which an answer may be given again: 1 to 2,592,000 (30 days). Being given again does not extend it.
             * @example 3600
             */
            ttl_seconds: number;
            /**
             * @description Also to other users whose request is identical; only while the persona is visible to its workspace.
             * @example false
             */
            is_shared?: boolean;
        };
        CreatePersonaDto: {
            /**
             * @description What stands for the variables of that prompt: up to 20 texts of up to 4,000 characters, with names of up to 64.
             * @example {
             *       "product": "Parley"
             *     }
             */
            openai_prompt_variables?: {
                [key: string]: string;
            } | null;
            /**
             * @description Up to 10 of the upstream's own tools (`responses` API only): `web_search`, `file_search`, `code_interpreter`, and remote `mcp` servers. No secrets can be stored with them.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools?: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[] | null;
            /** @description Null: free text. */
            response_format?: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Up to 10 pairs (keys up to 64, values up to 512 characters) that the upstream keeps beside its copy of the answers. Nothing personal belongs here.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Personal data that the upstream does not get to see. Null: everything is sent as it was written.
             * @example {
             *       "types": [
             *         "email",
             *         "phone",
             *         "card",
             *         "iban"
             *       ],
             *       "custom": [
             *         "Project Falcon"
             *       ]
             *     }
             */
            pii_redaction?: components["schemas"]["PiiRedactionDto"] | null;
            /**
             * @description Answers to identical requests come from a cache, marked `cached` and free. Null: each message is answered by the upstream.
             * @example {
             *       "ttl_seconds": 3600,
             *       "is_shared": false
             *     }
             */
            answer_cache?: components["schemas"]["AnswerCacheDto"] | null;
            /**
             * @description 1 to 100 characters, on one line.
             * @example Alex
             */
            name: string;
            /**
             * @description What the persona is to the person it talks with; it decides how it behaves.
             * @default other
             * @example friend
             * @enum {string}
             */
            relationship_type?: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description `private`: only you. `workspace`: every member of its workspace can use it.
             * @default private
             * @example private
             * @enum {string}
             */
            visibility?: "private" | "workspace";
            /**
             * @description A workspace that you are a member of. Without it: your personal workspace.
             * @example 2
             */
            workspace_id?: number;
            /**
             * @description Who the persona is; up to 2,000 characters.
             * @example An old friend from school who has become a chef.
             */
            description?: string | null;
            /**
             * @description Rules that the model must keep; up to 20,000 characters. Without it (or null): Parley's default, with its privacy boundaries. An empty text means none.
             * @example Talk about food whenever it fits.
             */
            system_instructions?: string | null;
            /**
             * @description How to go about a reply; up to 20,000 characters. Without it (or null): Parley's default. An empty text means none.
             * @example End every reply with a question.
             */
            prompt_template?: string | null;
            /**
             * @description The model that answers. Null: the instance's default (`OPENAI_MODEL`).
             * @example gpt-6-luna
             */
            model?: string | null;
            /**
             * @description Randomness, from 0 (focused) to 2. Null: the instance's default (`OPENAI_TEMPERATURE`).
             * @example 0.7
             */
            temperature?: number | null;
            /**
             * @description Longest reply, in tokens; 1 to 128,000. Null: the instance's default (`OPENAI_MAX_TOKENS`).
             * @example 1024
             */
            max_tokens?: number | null;
            /**
             * @description A session with it ends when nothing was said for so many milliseconds; 1,000 to 2,592,000,000 (30 days). Null: the instance's default (`SESSION_TIMEOUT`).
             * @example 1800000
             */
            session_timeout_ms?: number | null;
            /**
             * @description Id of a prompt that is stored at the upstream, for servers that know them (OpenAI's shut down on 2026-11-30). Null: the instance's default (`OPENAI_PROMPT_ID`).
             * @example pmpt_68a1c2
             */
            openai_prompt_id?: string | null;
            /**
             * @description Version of that prompt. Null: the one that is current at the upstream.
             * @example 2
             */
            openai_prompt_version?: string | null;
            /**
             * @description Who keeps the conversation: `stateless` (we send the history each time), `conversation` (the upstream keeps it) or `hybrid` (both). Null: the workspace's default.
             * @example stateless
             * @enum {string|null}
             */
            conversation_state?: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Up to 5 models to try, in this order, when `model` cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models?: string[] | null;
            /**
             * @description How fast, and at what price, the upstream answers: `auto`, `default`, `flex` (cheaper, slower) or `priority` (faster, dearer). Null: nothing is sent, so the upstream decides.
             * @example default
             * @enum {string|null}
             */
            service_tier?: "auto" | "default" | "flex" | "priority" | null;
        };
        PiiRedactionResponse: {
            /**
             * @example [
             *       "email",
             *       "phone",
             *       "card",
             *       "iban"
             *     ]
             */
            types: ("card" | "email" | "iban" | "phone")[];
            /**
             * @example [
             *       "Project Falcon"
             *     ]
             */
            custom: string[];
        };
        AnswerCacheResponse: {
            /** @example 3600 */
            ttl_seconds: number;
            /** @example false */
            is_shared: boolean;
        };
        PersonaResponse: {
            /** @description Variables of the stored prompt; null: none. */
            openai_prompt_variables: {
                [key: string]: string;
            } | null;
            /**
             * @description The upstream's own tools that it may use.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[];
            /** @description The JSON schema that answers have to fit; null: free text. */
            response_format: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Goes along with requests that the upstream keeps.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Personal data that the upstream does not get to see; null: everything is sent as it was written. */
            pii_redaction: components["schemas"]["PiiRedactionResponse"] | null;
            /** @description For how long answers may be given again; null: never. */
            answer_cache: components["schemas"]["AnswerCacheResponse"] | null;
            /** @example 7 */
            id: number;
            /** @example 2 */
            workspace_id: number;
            /**
             * @description The user who made it; null for the one that came with the installation.
             * @example 1
             */
            owner_id: number | null;
            /**
             * @description `private`: only its owner. `workspace`: every member of its workspace.
             * @example private
             * @enum {string}
             */
            visibility: "private" | "workspace";
            /**
             * @description Number of the current version.
             * @example 3
             */
            version: number;
            /**
             * @description The support persona that came with the installation.
             * @example false
             */
            is_default_support: boolean;
            /**
             * @description Whether you may change it.
             * @example true
             */
            can_edit: boolean;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            updated_at: string;
            /** @example Alex */
            name: string;
            /** @example An old friend from school who has become a chef. */
            description: string;
            /**
             * @example friend
             * @enum {string}
             */
            relationship_type: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Rules that the model must keep.
             * @example Talk about food whenever it fits.
             */
            system_instructions: string;
            /**
             * @description How to go about a reply.
             * @example End every reply with a question.
             */
            prompt_template: string;
            /**
             * @description Null: the instance's default model.
             * @example gpt-6-luna
             */
            model: string | null;
            /**
             * @description From 0 to 2. Null: the instance's default.
             * @example 0.7
             */
            temperature: number | null;
            /**
             * @description Longest reply, in tokens. Null: the instance's default.
             * @example 1024
             */
            max_tokens: number | null;
            /** @description Null: the instance's default, usually none. */
            openai_prompt_id: string | null;
            /** @description Null: the version that is current at the upstream. */
            openai_prompt_version: string | null;
            /**
             * @description `stateless`, `conversation` or `hybrid`. Null: the workspace's default.
             * @enum {string|null}
             */
            conversation_state: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Tried in this order when the model cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models: string[];
            /**
             * @description Null: the upstream decides.
             * @enum {string|null}
             */
            service_tier: "auto" | "default" | "flex" | "priority" | null;
            /** @description Sessions end when nothing was said for so many milliseconds. Null: the instance's default. */
            session_timeout_ms: number | null;
        };
        GeneratePersonaDto: {
            /**
             * @description 1 to 100 characters.
             * @example Alex
             */
            name: string;
            /**
             * @description What you have already; up to 2,000 characters.
             * @example An old friend from school who has become a chef.
             */
            description?: string | null;
            /**
             * @description What the persona is to the person it talks with.
             * @default other
             * @example friend
             * @enum {string}
             */
            relationship_type?: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Up to 20 words or short phrases of up to 60 characters.
             * @example [
             *       "patient",
             *       "funny"
             *     ]
             */
            traits?: string[] | null;
            /**
             * @description The language it talks, as a name or a tag. Without it: that of the user's message.
             * @example German
             */
            language?: string | null;
        };
        GeneratedPersonaResponse: {
            /** @example Alex is a friend to the user. Supportive and fun. Alex is patient and funny. */
            description: string;
            /** @description Starts from the default system instructions, with their privacy boundaries. */
            system_instructions: string;
            /** @description Starts from the default prompt template. */
            prompt_template: string;
        };
        PersonaListResponse: {
            personas: components["schemas"]["PersonaResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description For `cursor`; null on the last page. */
            next_cursor: string | null;
        };
        UpdatePersonaDto: {
            /**
             * @description What stands for the variables of that prompt: up to 20 texts of up to 4,000 characters, with names of up to 64.
             * @example {
             *       "product": "Parley"
             *     }
             */
            openai_prompt_variables?: {
                [key: string]: string;
            } | null;
            /**
             * @description Up to 10 of the upstream's own tools (`responses` API only): `web_search`, `file_search`, `code_interpreter`, and remote `mcp` servers. No secrets can be stored with them.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools?: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[] | null;
            /** @description Null: free text. */
            response_format?: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Up to 10 pairs (keys up to 64, values up to 512 characters) that the upstream keeps beside its copy of the answers. Nothing personal belongs here.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Personal data that the upstream does not get to see. Null: everything is sent as it was written.
             * @example {
             *       "types": [
             *         "email",
             *         "phone",
             *         "card",
             *         "iban"
             *       ],
             *       "custom": [
             *         "Project Falcon"
             *       ]
             *     }
             */
            pii_redaction?: components["schemas"]["PiiRedactionDto"] | null;
            /**
             * @description Answers to identical requests come from a cache, marked `cached` and free. Null: each message is answered by the upstream.
             * @example {
             *       "ttl_seconds": 3600,
             *       "is_shared": false
             *     }
             */
            answer_cache?: components["schemas"]["AnswerCacheDto"] | null;
            /**
             * @description `private`: only you. `workspace`: every member of its workspace can use it. Changing it makes no version.
             * @example workspace
             * @enum {string}
             */
            visibility?: "private" | "workspace";
            /**
             * @description The `version` that you read. If the persona has another one by now, the answer is 409 and nothing changes.
             * @example 3
             */
            expected_version?: number;
            /**
             * @description 1 to 100 characters, on one line.
             * @example Alex
             */
            name?: string;
            /**
             * @description What the persona is to the person it talks with; it decides how it behaves.
             * @example friend
             * @enum {string}
             */
            relationship_type?: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Who the persona is; up to 2,000 characters.
             * @example An old friend from school who has become a chef.
             */
            description?: string | null;
            /**
             * @description Rules that the model must keep; up to 20,000 characters. Without it (or null): Parley's default, with its privacy boundaries. An empty text means none.
             * @example Talk about food whenever it fits.
             */
            system_instructions?: string | null;
            /**
             * @description How to go about a reply; up to 20,000 characters. Without it (or null): Parley's default. An empty text means none.
             * @example End every reply with a question.
             */
            prompt_template?: string | null;
            /**
             * @description The model that answers. Null: the instance's default (`OPENAI_MODEL`).
             * @example gpt-6-luna
             */
            model?: string | null;
            /**
             * @description Randomness, from 0 (focused) to 2. Null: the instance's default (`OPENAI_TEMPERATURE`).
             * @example 0.7
             */
            temperature?: number | null;
            /**
             * @description Longest reply, in tokens; 1 to 128,000. Null: the instance's default (`OPENAI_MAX_TOKENS`).
             * @example 1024
             */
            max_tokens?: number | null;
            /**
             * @description A session with it ends when nothing was said for so many milliseconds; 1,000 to 2,592,000,000 (30 days). Null: the instance's default (`SESSION_TIMEOUT`).
             * @example 1800000
             */
            session_timeout_ms?: number | null;
            /**
             * @description Id of a prompt that is stored at the upstream, for servers that know them (OpenAI's shut down on 2026-11-30). Null: the instance's default (`OPENAI_PROMPT_ID`).
             * @example pmpt_68a1c2
             */
            openai_prompt_id?: string | null;
            /**
             * @description Version of that prompt. Null: the one that is current at the upstream.
             * @example 2
             */
            openai_prompt_version?: string | null;
            /**
             * @description Who keeps the conversation: `stateless` (we send the history each time), `conversation` (the upstream keeps it) or `hybrid` (both). Null: the workspace's default.
             * @example stateless
             * @enum {string|null}
             */
            conversation_state?: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Up to 5 models to try, in this order, when `model` cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models?: string[] | null;
            /**
             * @description How fast, and at what price, the upstream answers: `auto`, `default`, `flex` (cheaper, slower) or `priority` (faster, dearer). Null: nothing is sent, so the upstream decides.
             * @example default
             * @enum {string|null}
             */
            service_tier?: "auto" | "default" | "flex" | "priority" | null;
        };
        CreatePersonaVersionDto: {
            /**
             * @description What stands for the variables of that prompt: up to 20 texts of up to 4,000 characters, with names of up to 64.
             * @example {
             *       "product": "Parley"
             *     }
             */
            openai_prompt_variables?: {
                [key: string]: string;
            } | null;
            /**
             * @description Up to 10 of the upstream's own tools (`responses` API only): `web_search`, `file_search`, `code_interpreter`, and remote `mcp` servers. No secrets can be stored with them.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools?: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[] | null;
            /** @description Null: free text. */
            response_format?: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Up to 10 pairs (keys up to 64, values up to 512 characters) that the upstream keeps beside its copy of the answers. Nothing personal belongs here.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Personal data that the upstream does not get to see. Null: everything is sent as it was written.
             * @example {
             *       "types": [
             *         "email",
             *         "phone",
             *         "card",
             *         "iban"
             *       ],
             *       "custom": [
             *         "Project Falcon"
             *       ]
             *     }
             */
            pii_redaction?: components["schemas"]["PiiRedactionDto"] | null;
            /**
             * @description Answers to identical requests come from a cache, marked `cached` and free. Null: each message is answered by the upstream.
             * @example {
             *       "ttl_seconds": 3600,
             *       "is_shared": false
             *     }
             */
            answer_cache?: components["schemas"]["AnswerCacheDto"] | null;
            /**
             * @description The version that it starts from. Without it: the published one.
             * @example 2
             */
            based_on_version?: number;
            /**
             * @description The `version` that you read. If another one is published by now, the answer is 409 and nothing is made.
             * @example 3
             */
            expected_version?: number;
            /**
             * @description 1 to 100 characters, on one line.
             * @example Alex
             */
            name?: string;
            /**
             * @description What the persona is to the person it talks with; it decides how it behaves.
             * @example friend
             * @enum {string}
             */
            relationship_type?: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Who the persona is; up to 2,000 characters.
             * @example An old friend from school who has become a chef.
             */
            description?: string | null;
            /**
             * @description Rules that the model must keep; up to 20,000 characters. Without it (or null): Parley's default, with its privacy boundaries. An empty text means none.
             * @example Talk about food whenever it fits.
             */
            system_instructions?: string | null;
            /**
             * @description How to go about a reply; up to 20,000 characters. Without it (or null): Parley's default. An empty text means none.
             * @example End every reply with a question.
             */
            prompt_template?: string | null;
            /**
             * @description The model that answers. Null: the instance's default (`OPENAI_MODEL`).
             * @example gpt-6-luna
             */
            model?: string | null;
            /**
             * @description Randomness, from 0 (focused) to 2. Null: the instance's default (`OPENAI_TEMPERATURE`).
             * @example 0.7
             */
            temperature?: number | null;
            /**
             * @description Longest reply, in tokens; 1 to 128,000. Null: the instance's default (`OPENAI_MAX_TOKENS`).
             * @example 1024
             */
            max_tokens?: number | null;
            /**
             * @description A session with it ends when nothing was said for so many milliseconds; 1,000 to 2,592,000,000 (30 days). Null: the instance's default (`SESSION_TIMEOUT`).
             * @example 1800000
             */
            session_timeout_ms?: number | null;
            /**
             * @description Id of a prompt that is stored at the upstream, for servers that know them (OpenAI's shut down on 2026-11-30). Null: the instance's default (`OPENAI_PROMPT_ID`).
             * @example pmpt_68a1c2
             */
            openai_prompt_id?: string | null;
            /**
             * @description Version of that prompt. Null: the one that is current at the upstream.
             * @example 2
             */
            openai_prompt_version?: string | null;
            /**
             * @description Who keeps the conversation: `stateless` (we send the history each time), `conversation` (the upstream keeps it) or `hybrid` (both). Null: the workspace's default.
             * @example stateless
             * @enum {string|null}
             */
            conversation_state?: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Up to 5 models to try, in this order, when `model` cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models?: string[] | null;
            /**
             * @description How fast, and at what price, the upstream answers: `auto`, `default`, `flex` (cheaper, slower) or `priority` (faster, dearer). Null: nothing is sent, so the upstream decides.
             * @example default
             * @enum {string|null}
             */
            service_tier?: "auto" | "default" | "flex" | "priority" | null;
        };
        PersonaVersionResponse: {
            /** @description Variables of the stored prompt; null: none. */
            openai_prompt_variables: {
                [key: string]: string;
            } | null;
            /**
             * @description The upstream's own tools that it may use.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[];
            /** @description The JSON schema that answers have to fit; null: free text. */
            response_format: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Goes along with requests that the upstream keeps.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Personal data that the upstream does not get to see; null: everything is sent as it was written. */
            pii_redaction: components["schemas"]["PiiRedactionResponse"] | null;
            /** @description For how long answers may be given again; null: never. */
            answer_cache: components["schemas"]["AnswerCacheResponse"] | null;
            /**
             * @description `published`: it answers. `draft`: it has never answered. `testing`: it answers some, in an experiment that runs. `retired`: it has answered before.
             * @example retired
             * @enum {string}
             */
            status: "draft" | "published" | "retired" | "testing";
            /** @example 12 */
            id: number;
            /** @example 7 */
            persona_id: number;
            /**
             * @description 1, 2, 3 … per persona.
             * @example 2
             */
            version: number;
            /**
             * @description This is the version that answers now.
             * @example false
             */
            is_current: boolean;
            /**
             * Format: date-time
             * @description When it was last made the version that answers; null when it never was.
             * @example 2026-11-21T12:00:00.000Z
             */
            published_at: string | null;
            /**
             * @description Who did that.
             * @example 1
             */
            published_by: number | null;
            /** @description The version that a draft was made from. */
            based_on_version: number | null;
            /** @description The version that a roll-back brought back with this one. */
            restored_from_version: number | null;
            /**
             * @description The user who made it; null for what came with the installation.
             * @example 1
             */
            created_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /** @example Alex */
            name: string;
            /** @example An old friend from school who has become a chef. */
            description: string;
            /**
             * @example friend
             * @enum {string}
             */
            relationship_type: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Rules that the model must keep.
             * @example Talk about food whenever it fits.
             */
            system_instructions: string;
            /**
             * @description How to go about a reply.
             * @example End every reply with a question.
             */
            prompt_template: string;
            /**
             * @description Null: the instance's default model.
             * @example gpt-6-luna
             */
            model: string | null;
            /**
             * @description From 0 to 2. Null: the instance's default.
             * @example 0.7
             */
            temperature: number | null;
            /**
             * @description Longest reply, in tokens. Null: the instance's default.
             * @example 1024
             */
            max_tokens: number | null;
            /** @description Null: the instance's default, usually none. */
            openai_prompt_id: string | null;
            /** @description Null: the version that is current at the upstream. */
            openai_prompt_version: string | null;
            /**
             * @description `stateless`, `conversation` or `hybrid`. Null: the workspace's default.
             * @enum {string|null}
             */
            conversation_state: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Tried in this order when the model cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models: string[];
            /**
             * @description Null: the upstream decides.
             * @enum {string|null}
             */
            service_tier: "auto" | "default" | "flex" | "priority" | null;
            /** @description Sessions end when nothing was said for so many milliseconds. Null: the instance's default. */
            session_timeout_ms: number | null;
        };
        PersonaVersionListResponse: {
            versions: components["schemas"]["PersonaVersionResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description For `cursor`; null on the last page. */
            next_cursor: string | null;
        };
        PublishVersionDto: {
            /**
             * @description The `version` that you read. If another one is published by now, the answer is 409 and nothing changes.
             * @example 3
             */
            expected_version?: number;
        };
        StartExperimentDto: {
            /**
             * @description What it is about; 1 to 100 characters, on one line.
             * @example Shorter answers
             */
            name: string;
            /**
             * @description What is compared with. Without it: the published version.
             * @example 3
             */
            version_a?: number;
            /**
             * @description What may be better; usually a draft.
             * @example 4
             */
            version_b: number;
            /**
             * @description Percent of the new conversations that get version B; 1 to 99.
             * @default 50
             * @example 50
             */
            share_b?: number;
        };
        ExperimentResponse: {
            /**
             * @example running
             * @enum {string}
             */
            status: "running" | "stopped";
            /** @example 5 */
            id: number;
            /** @example 7 */
            persona_id: number;
            /** @example Shorter answers */
            name: string;
            /** @example 3 */
            version_a: number;
            /** @example 4 */
            version_b: number;
            /**
             * @description Percent of the new conversations that get version B.
             * @example 50
             */
            share_b: number;
            /**
             * @description Null when that user is not known any more.
             * @example 1
             */
            started_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            started_at: string;
            stopped_by: number | null;
            /**
             * Format: date-time
             * @description Null while it runs.
             */
            stopped_at: string | null;
            /** @description The version that was published when it was stopped; null when none was. */
            published_version: number | null;
        };
        ExperimentListResponse: {
            experiments: components["schemas"]["ExperimentResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description For `cursor`; null on the last page. */
            next_cursor: string | null;
        };
        StopExperimentDto: {
            /**
             * @description The winner, which is published at once. Without it the published version stays.
             * @example b
             * @enum {string}
             */
            publish?: "a" | "b";
        };
        CreateConversationDto: {
            /**
             * @description The persona to talk to. GET /personas lists those that you can use.
             * @example 1
             */
            persona_id: number;
            /**
             * @description Without it the title is made of the first message.
             * @example First Chat with Alex
             */
            title?: string | null;
        };
        ConversationResponse: {
            /** @example 1 */
            id: number;
            /**
             * @description Given, or made of the first message.
             * @example First Chat with Alex
             */
            title: string;
            /** @example 1 */
            persona_id: number;
            /** @example 1 */
            user_id: number;
            /** @example 1 */
            workspace_id: number;
            /**
             * @description An inactive conversation can be read but takes no messages.
             * @example true
             */
            is_active: boolean;
            /**
             * @description Who answers: the AI or a person.
             * @example ai
             * @enum {string}
             */
            owner: "ai" | "human";
            /**
             * @description Messages that are not deleted.
             * @example 2
             */
            message_count: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            updated_at: string;
        };
        LastMessageResponse: {
            /**
             * @example assistant
             * @enum {string}
             */
            role: "agent" | "assistant" | "system" | "user";
            /** @example 2 */
            id: number;
            /** @example 2 */
            seq: number;
            /**
             * @example completed
             * @enum {string}
             */
            status: "cancelled" | "completed" | "fallback" | "sent" | "truncated";
            /** @example Hey there! */
            content: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:01.000Z
             */
            created_at: string;
        };
        ConversationListItemResponse: {
            /** @example 1 */
            id: number;
            /**
             * @description Given, or made of the first message.
             * @example First Chat with Alex
             */
            title: string;
            /** @example 1 */
            persona_id: number;
            /** @example 1 */
            user_id: number;
            /** @example 1 */
            workspace_id: number;
            /**
             * @description An inactive conversation can be read but takes no messages.
             * @example true
             */
            is_active: boolean;
            /**
             * @description Who answers: the AI or a person.
             * @example ai
             * @enum {string}
             */
            owner: "ai" | "human";
            /**
             * @description Messages that are not deleted.
             * @example 2
             */
            message_count: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            updated_at: string;
            /** @description Null while it is empty. */
            last_message: components["schemas"]["LastMessageResponse"] | null;
        };
        ConversationListResponse: {
            conversations: components["schemas"]["ConversationListItemResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description Pass it as `cursor` for the next page; null when there is none. */
            next_cursor: string | null;
        };
        UpdateConversationDto: {
            /** @example Updated Chat Title */
            title?: string;
            /**
             * @description Another persona of the same workspace; it answers from the next message on.
             * @example 1
             */
            persona_id?: number;
            /**
             * @description False closes the conversation for new messages.
             * @example true
             */
            is_active?: boolean;
        };
        ConversationSummaryResponse: {
            /** @example Dana trains for a marathon in May and prefers to run in the morning. */
            content: string;
            /**
             * @description The seq of the last user message that it covers.
             * @example 41
             */
            through_seq: number;
            /**
             * @description Its length in tokens as the model counted them; null when that is not known.
             * @example 180
             */
            tokens: number | null;
            /**
             * @description The model that wrote it.
             * @example gpt-6-luna
             */
            model: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was last extended.
             * @example 2026-11-21T12:25:00.000Z
             */
            updated_at: string;
        };
        SummaryAnswerResponse: {
            /** @description Null while there is none: the whole conversation still goes along, or nothing was summarised yet. */
            summary: components["schemas"]["ConversationSummaryResponse"] | null;
        };
        MessageImageResponse: {
            /**
             * @description Null for one that was uploaded.
             * @example https://example.com/cat.png
             */
            url: string | null;
            /** @description GET /chat/uploads/{upload_id} shows it; null for one that is somewhere else. */
            upload_id: string | null;
            /**
             * @description How closely the model looks.
             * @example auto
             * @enum {string}
             */
            detail: "auto" | "high" | "low";
        };
        ToolCallResponse: {
            /**
             * @description What it was asked and what came of it, as the upstream tells, shortened to 4 kB.
             * @example {
             *       "action": {
             *         "type": "search",
             *         "query": "opening hours"
             *       }
             *     }
             */
            detail?: {
                [key: string]: unknown;
            };
            /** @example ws_68a1c2 */
            id: string;
            /**
             * @description Such as `web_search_call`, `file_search_call`, `code_interpreter_call`, `mcp_call`.
             * @example web_search_call
             */
            type: string;
            /**
             * @description `completed`, `failed` or `incomplete`; while the reply is written also `in_progress`, `searching` and the like.
             * @example completed
             */
            status: string;
        };
        CitationResponse: {
            /** @example https://example.com/opening-hours */
            url: string;
            /** @example Opening hours */
            title: string;
            /**
             * @description Where in the reply, in characters as the upstream counts them.
             * @example 10
             */
            start_index: number;
            /** @example 42 */
            end_index: number;
        };
        MessageUsageResponse: {
            /** @example 18 */
            input_tokens: number | null;
            /** @example 0 */
            cached_tokens: number | null;
            /** @example 7 */
            output_tokens: number | null;
            /** @example 0 */
            reasoning_tokens: number | null;
            /** @example 25 */
            total_tokens: number | null;
            /**
             * @description Counted by us, because the reply was stopped before the upstream could say.
             * @example false
             */
            is_estimated: boolean;
        };
        MessageFeedbackResponse: {
            /**
             * @example up
             * @enum {string}
             */
            rating: "down" | "up";
            /** @example Just what I needed. */
            comment: string | null;
        };
        MessageResponse: {
            /**
             * @description `user`, `assistant` (the AI), `agent` (a person of the team who has taken over) or `system` (a notice).
             * @example assistant
             * @enum {string}
             */
            role: "agent" | "assistant" | "system" | "user";
            /** @example 2 */
            id: number;
            /**
             * @description Place in the conversation: 1, 2, 3 …
             * @example 2
             */
            seq: number;
            /** @example 1 */
            conversation_id: number;
            /** @example Hey there! I am doing great, thanks for asking! How about you? */
            content: string;
            /**
             * @description `sent` (by the user), `completed`, `truncated` (cut at the length limit), `cancelled` (stopped; this was written until then) or `fallback` (no
             *     answer could be had; see `error_code`).
             * @example completed
             * @enum {string}
             */
            status: "cancelled" | "completed" | "fallback" | "sent" | "truncated";
            /**
             * @description Part of the conversation as it is told now; false for a reply that was regenerated and for a branch that an edit has replaced.
             * @example true
             */
            is_current: boolean;
            /**
             * @description An answer that was given before to the very same request: nothing was asked, so it cost nothing.
             * @example false
             */
            cached: boolean;
            /** @description User messages: the first one of the family of edits that it belongs to; null when it is no edit. */
            edit_of_id?: number | null;
            /**
             * @description User messages: its pictures.
             * @example []
             */
            images?: components["schemas"]["MessageImageResponse"][];
            /**
             * @description Replies: what the upstream's tools did for it.
             * @example []
             */
            tool_calls?: components["schemas"]["ToolCallResponse"][];
            /**
             * @description Replies: the sources that it names.
             * @example []
             */
            citations?: components["schemas"]["CitationResponse"][];
            /**
             * @description Replies: the message that it answers.
             * @example 1
             */
            replies_to_id?: number | null;
            /**
             * @description Replies: the turn that it answers.
             * @example 1
             */
            turn_id?: number;
            /**
             * @description Replies: the version of the persona that answered.
             * @example 1
             */
            persona_version_id?: number | null;
            /**
             * @description Replies: total tokens of the call that answered; null when the upstream did not say.
             * @example 25
             */
            tokens_used?: number | null;
            /** @description Replies: tokens in detail; null when nothing is known. */
            usage?: components["schemas"]["MessageUsageResponse"] | null;
            /** @description Replies: your opinion, when you gave one. */
            feedback?: components["schemas"]["MessageFeedbackResponse"] | null;
            /**
             * @description Replies: the model that answered.
             * @example gpt-6-luna
             */
            model_used?: string | null;
            /** @description Replies: the model that was asked for first, when it could not answer and a fallback model of the persona did; null otherwise. */
            fallback_from?: string | null;
            /**
             * @description Replies: how sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
             * @example 0.9
             */
            confidence?: number | null;
            /**
             * @description Replies: milliseconds from the message to the reply.
             * @example 1200
             */
            response_time_ms?: number | null;
            /**
             * @description Fallback replies: why there is no answer. `MESSAGE.UNREADABLE` for a message that is encrypted and cannot be decrypted; `content` says so then.
             * @example UPSTREAM.RATE_LIMITED
             */
            error_code?: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:01.000Z
             */
            created_at: string;
        };
        SendMessageResponse: {
            conversation: components["schemas"]["ConversationResponse"];
            user_message: components["schemas"]["MessageResponse"] | null;
            /** @description The reply, or with status `fallback` the text that says why there is none. Null only when the turn was cancelled. */
            assistant_message: components["schemas"]["MessageResponse"] | null;
            /** @example 1 */
            turn_id: number;
        };
        MessageImageDto: {
            /**
             * @description Where the picture is, with `https`; up to 2,000 characters. The upstream fetches it, so it must be open to it.
             * @example https://example.com/cat.png
             */
            url?: string;
            /**
             * @description A picture that you uploaded with POST /chat/uploads.
             * @example upl_q83vEjRWeJq83u_M7vX2aB1c
             */
            upload_id?: string;
            /**
             * @description How closely the model looks; `high` costs more tokens. Without it: `auto`.
             * @example auto
             * @enum {string}
             */
            detail?: "auto" | "high" | "low";
        };
        SendMessageDto: {
            /**
             * @description Up to 10 pictures. What was uploaded may have 20 MB together. In an edit: without it, the old message's pictures stay.
             * @example [
             *       {
             *         "url": "https://example.com/cat.png"
             *       }
             *     ]
             */
            images?: components["schemas"]["MessageImageDto"][];
            /**
             * @description What the user says, 1–32,000 characters.
             * @example Hi Alex! How are you doing today?
             */
            content: string;
        };
        TurnErrorResponse: {
            /** @example UPSTREAM.QUOTA_EXHAUSTED */
            code: string;
            /**
             * @description In plain words.
             * @example I am sorry, I cannot answer right now.
             */
            detail: string;
        };
        TurnResponse: {
            /** @example 1 */
            id: number;
            /** @example 1 */
            conversation_id: number;
            /**
             * @example completed
             * @enum {string}
             */
            status: "cancelled" | "completed" | "failed" | "handed_off" | "merged" | "pending" | "running";
            /**
             * @description Attempts so far.
             * @example 1
             */
            attempt: number;
            /** @description Null when it was deleted. */
            user_message: components["schemas"]["MessageResponse"] | null;
            /** @description The reply; null while there is none. */
            assistant_message: components["schemas"]["MessageResponse"] | null;
            /** @description Set when the turn failed. */
            error: components["schemas"]["TurnErrorResponse"] | null;
            /** @description With status `merged`: the turn that answers this message together with a later one. */
            merged_into_id: number | null;
            /** @description Why people were asked to take over when it ended, such as `keyword`; null when they were not, or had been asked before and had not finished. */
            escalation_reason: string | null;
            /**
             * @description It was asked to stop, and its worker has not done so yet.
             * @example false
             */
            cancel_requested: boolean;
            /**
             * Format: date-time
             * @description When the next attempt starts at the earliest, while the turn waits for one; else null.
             */
            retry_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Null while it is open.
             * @example 2026-11-21T12:05:01.000Z
             */
            finished_at: string | null;
        };
        SystemNoteResponse: {
            /**
             * @example summary
             * @enum {string}
             */
            kind: "summary";
            /** @example Dana trains for a marathon in May and prefers to run in the morning. */
            content: string;
            /**
             * @description The seq of the last user message that it covers.
             * @example 41
             */
            through_seq: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:25:00.000Z
             */
            created_at: string;
            /**
             * @description The model that wrote it.
             * @example gpt-6-luna
             */
            model: string | null;
        };
        MessageListResponse: {
            messages: components["schemas"]["MessageResponse"][];
            /**
             * @description There are more in the direction that was asked for.
             * @example false
             */
            has_more: boolean;
            /** @description Pass it as `before_seq` for the page before this one; null when there is none. */
            next_before_seq: number | null;
            /**
             * @description Pass it as `after_seq` for what comes after this page; null when the page is empty.
             * @example 2
             */
            next_after_seq: number | null;
            /** @description Only with `debug=true`. */
            system_notes?: components["schemas"]["SystemNoteResponse"][];
        };
        EditMessageDto: {
            /**
             * @description Up to 10 pictures. What was uploaded may have 20 MB together. In an edit: without it, the old message's pictures stay.
             * @example [
             *       {
             *         "url": "https://example.com/cat.png"
             *       }
             *     ]
             */
            images?: components["schemas"]["MessageImageDto"][];
            /**
             * @description What the user says, 1–32,000 characters.
             * @example Hi Alex! How are you doing today?
             */
            content: string;
        };
        SiblingsResponse: {
            messages: components["schemas"]["MessageResponse"][];
        };
        FeedbackDto: {
            /**
             * @description What you think of the reply.
             * @example up
             * @enum {string}
             */
            rating: "down" | "up";
            /**
             * @description Why, up to 2,000 characters.
             * @example Just what I needed.
             */
            comment?: string | null;
        };
        FeedbackResponse: {
            /**
             * @example up
             * @enum {string}
             */
            rating: "down" | "up";
            /** @example Just what I needed. */
            comment: string | null;
            /** @example 2 */
            message_id: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:01.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:01.000Z
             */
            updated_at: string;
        };
        OpenTurnsResponse: {
            /**
             * @description Oldest first.
             * @example [
             *       12
             *     ]
             */
            turn_ids: number[];
        };
        UploadResponse: {
            /**
             * @description For `images` of a message. Keep it to yourself.
             * @example upl_q83vEjRWeJq83u_M7vX2aB1c
             */
            id: string;
            /**
             * @example image/png
             * @enum {string}
             */
            content_type: "image/gif" | "image/jpeg" | "image/png" | "image/webp";
            /** @example 48213 */
            size_bytes: number;
            /**
             * @description In pixels.
             * @example 1024
             */
            width: number;
            /**
             * @description In pixels.
             * @example 768
             */
            height: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it is removed, unless a message uses it by then.
             * @example 2026-11-22T12:00:00.000Z
             */
            expires_at: string;
        };
        CreateClientDto: {
            /**
             * @description Whatever else the persona may know: up to 50 entries, keys up to 100 characters, values up to 1,000 when written down, 16,000 bytes in all.
             * @example {
             *       "goal": "run a marathon",
             *       "age": 34
             *     }
             */
            metadata?: {
                [key: string]: unknown;
            };
            /**
             * @description 1 to 200 characters, on one line.
             * @example Jane Doe
             */
            name: string;
            /**
             * @description A workspace that you are a member of. Without it: your personal workspace.
             * @example 2
             */
            workspace_id?: number;
            /**
             * Format: email
             * @description At most 320 characters.
             * @example jane@example.com
             */
            email?: string | null;
            /**
             * @description 3 to 50 characters.
             * @example +49 170 1234567
             */
            phone?: string | null;
            /**
             * @description What your own system calls this client; 1 to 200 characters, once per workspace.
             * @example crm-4711
             */
            external_id?: string | null;
        };
        ClientResponse: {
            /**
             * @description Whatever else the persona may know.
             * @example {
             *       "goal": "run a marathon",
             *       "age": 34
             *     }
             */
            metadata: {
                [key: string]: unknown;
            };
            /** @example 1 */
            id: number;
            /** @example 2 */
            workspace_id: number;
            /**
             * @description The member who added it; null when that account is gone.
             * @example 1
             */
            created_by: number | null;
            /** @example Jane Doe */
            name: string;
            /** @example jane@example.com */
            email: string | null;
            /** @example +49 170 1234567 */
            phone: string | null;
            /**
             * @description What your own system calls this client.
             * @example crm-4711
             */
            external_id: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            updated_at: string;
        };
        ClientListResponse: {
            /** @description Newest first. */
            clients: components["schemas"]["ClientResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description For the next page; null on the last one. */
            next_cursor: string | null;
        };
        UpdateClientDto: {
            /**
             * @description Takes the place of all of the former metadata; bounds as in POST /clients.
             * @example {
             *       "goal": "run a marathon",
             *       "age": 34
             *     }
             */
            metadata?: {
                [key: string]: unknown;
            };
            /**
             * @description 1 to 200 characters, on one line.
             * @example Jane Doe
             */
            name?: string;
            /**
             * Format: email
             * @description At most 320 characters.
             * @example jane@example.com
             */
            email?: string | null;
            /**
             * @description 3 to 50 characters.
             * @example +49 170 1234567
             */
            phone?: string | null;
            /**
             * @description What your own system calls this client; 1 to 200 characters, once per workspace.
             * @example crm-4711
             */
            external_id?: string | null;
        };
        StartSessionDto: {
            /**
             * @description What the client wants to reach: up to 20, each of 1 to 500 characters, on one line.
             * @example [
             *       "Sleep seven hours",
             *       "Say no more often"
             *     ]
             */
            goals?: string[] | null;
            /**
             * @description The persona that coaches. GET /personas lists those that you can use.
             * @example 1
             */
            persona_id: number;
            /**
             * @description Who it is about. A client of the persona's workspace.
             * @example 1
             */
            client_id: number;
        };
        SessionResponse: {
            /**
             * @description Cannot be guessed.
             * @example cs_Zk3vJ8Qw1xY5bN7mT2rD9fGhL4pSaE6u
             */
            id: string;
            /**
             * @description Its messages are also at /chat/conversations/{conversation_id}.
             * @example 1
             */
            conversation_id: number;
            /** @example 2 */
            workspace_id: number;
            /** @example 1 */
            persona_id: number;
            /** @example 1 */
            client_id: number;
            /**
             * @example active
             * @enum {string}
             */
            status: "active" | "ended";
            /**
             * @description `ended`: by you; `timeout`: nothing was said for too long. Null while it is active.
             * @enum {string|null}
             */
            end_reason: "ended" | "erased" | "timeout" | null;
            /**
             * @description What the client wants to reach.
             * @example [
             *       "Sleep seven hours",
             *       "Say no more often"
             *     ]
             */
            goals: string[];
            /** @description Written by the model after the end: topics, agreements, progress on goals, next steps. Of a session that was reopened: the one of before. */
            summary: string | null;
            /**
             * @description `none`: nothing to sum up, or switched off; `pending`: on its way; `written`; `failed`: it could not be had.
             * @example none
             * @enum {string}
             */
            summary_status: "failed" | "none" | "pending" | "written";
            /**
             * @description Messages in it.
             * @example 2
             */
            message_count: number;
            /**
             * @description It ends by itself when nothing was said for so many milliseconds.
             * @example 1800000
             */
            timeout_ms: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @description Null while it is active.
             */
            ended_at: string | null;
            /**
             * Format: date-time
             * @description When something was said last.
             * @example 2026-11-21T12:06:00.000Z
             */
            last_activity_at: string;
            /**
             * Format: date-time
             * @description When it ends unless something is said before; null when it has ended.
             * @example 2026-11-21T12:36:00.000Z
             */
            expires_at: string | null;
        };
        SessionListResponse: {
            /** @description Newest first. */
            sessions: components["schemas"]["SessionResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description For the next page; null on the last one. */
            next_cursor: string | null;
        };
        UpdateSessionDto: {
            /**
             * @description All goals from now on: up to 20, each of 1 to 500 characters, on one line. The next answer knows them.
             * @example [
             *       "Sleep seven hours"
             *     ]
             */
            goals: string[];
        };
        SessionSendResponse: {
            session: components["schemas"]["SessionResponse"];
            user_message: components["schemas"]["MessageResponse"] | null;
            /** @description The reply, or with status `fallback` the text that says why there is none. Null only when the turn was cancelled. */
            assistant_message: components["schemas"]["MessageResponse"] | null;
            /** @example 1 */
            turn_id: number;
        };
        CopiesToDeleteResponse: {
            /** @example 0 */
            waiting: number;
            /**
             * @description Of these, how many could not be deleted five times or more: the log says why.
             * @example 0
             */
            failing: number;
        };
        ChatHealthResponse: {
            /**
             * @description `healthy` when messages can be answered.
             * @example healthy
             * @enum {string}
             */
            status: "healthy" | "unhealthy";
            /**
             * @description `connected` after a real check of the upstream (at most 30 seconds old); `simulator` while no key is set.
             * @example connected
             * @enum {string}
             */
            openai_api: "connected" | "disconnected" | "simulator";
            /**
             * @example openai
             * @enum {string}
             */
            provider: "compatible" | "openai" | "simulator";
            /**
             * @description The model that answers when a persona names none.
             * @example gpt-6-luna
             */
            model: string;
            /** @description Why it is not connected, else null. */
            error_code: string | null;
            /** @description At most 30 seconds old; null while the database does not say. */
            copies_to_delete: components["schemas"]["CopiesToDeleteResponse"] | null;
            /**
             * @description `open` while workers send nothing to the model API because it failed too often; `half_open` while one call tries it. Null: not known now.
             * @example closed
             * @enum {string|null}
             */
            breaker: "closed" | "half_open" | "open" | null;
            /**
             * @description Models that are held back until their rate limit allows calls again. Null: not known now.
             * @example 0
             */
            held_models: number | null;
        };
        RemoteConversationResponse: {
            /**
             * @description Who keeps the context: `conversation` (the upstream) or `hybrid` (the upstream, with the history here as its fallback).
             * @example hybrid
             * @enum {string}
             */
            conversation_state: "conversation" | "hybrid" | "stateless";
            /**
             * @description The upstream's id; null before the first message that needs it.
             * @example conv_68e1f0a5c2d48190
             */
            openai_conversation_id: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string | null;
            /**
             * Format: date-time
             * @description It is deleted at the upstream when it is not used for `OPENAI_CONVERSATION_TTL_DAYS`.
             * @example 2026-11-21T12:05:00.000Z
             */
            last_used_at: string | null;
            /**
             * @description Whether the upstream knows it, asked just now; null without an id. A lost one is made again with the next message.
             * @example true
             */
            is_at_upstream: boolean | null;
            /**
             * @description Whether it is known to hold exactly what counts here. If not, the next message makes a new one of the history here.
             * @example true
             */
            is_current: boolean;
            /**
             * @description The newest turn that it is known to hold; null when that is not known, or none.
             * @example 12
             */
            holds_turn_id: number | null;
            /**
             * @description The newest turn of the history here; null for an empty one.
             * @example 12
             */
            newest_turn_id: number | null;
        };
        RemoteItemResponse: {
            /** @example msg_68e1f0a5c2d48190 */
            id: string;
            /**
             * @description `message`, or what a tool did.
             * @example message
             */
            type: string;
            /** @example user */
            role: string | null;
            /**
             * @description The text of a message; null for other items.
             * @example Hi Alex! How are you doing today?
             */
            text: string | null;
        };
        RemoteItemListResponse: {
            /** @description Oldest first. */
            items: components["schemas"]["RemoteItemResponse"][];
            /** @example false */
            has_more: boolean;
            /**
             * @description For `after` of the next page; null on an empty one.
             * @example msg_68e1f0a5c2d48190
             */
            last_id: string | null;
        };
        PreviewedMessageResponse: {
            /**
             * @description `truncated`: cut at the length limit.
             * @example completed
             * @enum {string}
             */
            status: "completed" | "truncated";
            /**
             * @example assistant
             * @enum {string}
             */
            role: "assistant";
            /** @example Hey there! How are you? */
            content: string;
            /** @example gpt-6-luna */
            model_used: string;
            /**
             * @description How sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
             * @example 0.9
             */
            confidence: number | null;
            /**
             * @description The model says that a person should take over.
             * @example false
             */
            needs_human: boolean;
            tool_calls: components["schemas"]["ToolCallResponse"][];
            citations: components["schemas"]["CitationResponse"][];
        };
        PreviewResponse: {
            /** @description Null when the upstream did not say. */
            usage: components["schemas"]["MessageUsageResponse"] | null;
            /** @example 7 */
            persona_id: number;
            /**
             * @description The version that answered.
             * @example 4
             */
            version: number;
            /**
             * @description `changes` made it differ from what is stored.
             * @example false
             */
            is_changed: boolean;
            assistant_message: components["schemas"]["PreviewedMessageResponse"];
            /**
             * @description Null when no price of the model is known.
             * @example 0.00012
             */
            cost_usd: number | null;
            /** @example 310 */
            first_token_ms: number | null;
            /** @example 870 */
            total_ms: number;
        };
        PreviewMessageDto: {
            /**
             * @description Who said it.
             * @example user
             * @enum {string}
             */
            role: "assistant" | "user";
            /**
             * @description 1–32,000 characters.
             * @example Do you open on Sundays?
             */
            content: string;
        };
        PersonaContentDto: {
            /**
             * @description What stands for the variables of that prompt: up to 20 texts of up to 4,000 characters, with names of up to 64.
             * @example {
             *       "product": "Parley"
             *     }
             */
            openai_prompt_variables?: {
                [key: string]: string;
            } | null;
            /**
             * @description Up to 10 of the upstream's own tools (`responses` API only): `web_search`, `file_search`, `code_interpreter`, and remote `mcp` servers. No secrets can be stored with them.
             * @example [
             *       {
             *         "type": "web_search"
             *       }
             *     ]
             */
            tools?: (components["schemas"]["WebSearchToolDto"] | components["schemas"]["FileSearchToolDto"] | components["schemas"]["CodeInterpreterToolDto"] | components["schemas"]["McpToolDto"])[] | null;
            /** @description Null: free text. */
            response_format?: components["schemas"]["ResponseFormatDto"] | null;
            /**
             * @description Up to 10 pairs (keys up to 64, values up to 512 characters) that the upstream keeps beside its copy of the answers. Nothing personal belongs here.
             * @example {
             *       "team": "support"
             *     }
             */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Personal data that the upstream does not get to see. Null: everything is sent as it was written.
             * @example {
             *       "types": [
             *         "email",
             *         "phone",
             *         "card",
             *         "iban"
             *       ],
             *       "custom": [
             *         "Project Falcon"
             *       ]
             *     }
             */
            pii_redaction?: components["schemas"]["PiiRedactionDto"] | null;
            /**
             * @description Answers to identical requests come from a cache, marked `cached` and free. Null: each message is answered by the upstream.
             * @example {
             *       "ttl_seconds": 3600,
             *       "is_shared": false
             *     }
             */
            answer_cache?: components["schemas"]["AnswerCacheDto"] | null;
            /**
             * @description 1 to 100 characters, on one line.
             * @example Alex
             */
            name?: string;
            /**
             * @description What the persona is to the person it talks with; it decides how it behaves.
             * @example friend
             * @enum {string}
             */
            relationship_type?: "child" | "colleague" | "friend" | "other" | "parent" | "sibling" | "spouse";
            /**
             * @description Who the persona is; up to 2,000 characters.
             * @example An old friend from school who has become a chef.
             */
            description?: string | null;
            /**
             * @description Rules that the model must keep; up to 20,000 characters. Without it (or null): Parley's default, with its privacy boundaries. An empty text means none.
             * @example Talk about food whenever it fits.
             */
            system_instructions?: string | null;
            /**
             * @description How to go about a reply; up to 20,000 characters. Without it (or null): Parley's default. An empty text means none.
             * @example End every reply with a question.
             */
            prompt_template?: string | null;
            /**
             * @description The model that answers. Null: the instance's default (`OPENAI_MODEL`).
             * @example gpt-6-luna
             */
            model?: string | null;
            /**
             * @description Randomness, from 0 (focused) to 2. Null: the instance's default (`OPENAI_TEMPERATURE`).
             * @example 0.7
             */
            temperature?: number | null;
            /**
             * @description Longest reply, in tokens; 1 to 128,000. Null: the instance's default (`OPENAI_MAX_TOKENS`).
             * @example 1024
             */
            max_tokens?: number | null;
            /**
             * @description A session with it ends when nothing was said for so many milliseconds; 1,000 to 2,592,000,000 (30 days). Null: the instance's default (`SESSION_TIMEOUT`).
             * @example 1800000
             */
            session_timeout_ms?: number | null;
            /**
             * @description Id of a prompt that is stored at the upstream, for servers that know them (OpenAI's shut down on 2026-11-30). Null: the instance's default (`OPENAI_PROMPT_ID`).
             * @example pmpt_68a1c2
             */
            openai_prompt_id?: string | null;
            /**
             * @description Version of that prompt. Null: the one that is current at the upstream.
             * @example 2
             */
            openai_prompt_version?: string | null;
            /**
             * @description Who keeps the conversation: `stateless` (we send the history each time), `conversation` (the upstream keeps it) or `hybrid` (both). Null: the workspace's default.
             * @example stateless
             * @enum {string|null}
             */
            conversation_state?: "conversation" | "hybrid" | "stateless" | null;
            /**
             * @description Up to 5 models to try, in this order, when `model` cannot answer.
             * @example [
             *       "gpt-6-sol"
             *     ]
             */
            fallback_models?: string[] | null;
            /**
             * @description How fast, and at what price, the upstream answers: `auto`, `default`, `flex` (cheaper, slower) or `priority` (faster, dearer). Null: nothing is sent, so the upstream decides.
             * @example default
             * @enum {string|null}
             */
            service_tier?: "auto" | "default" | "flex" | "priority" | null;
        };
        PreviewPersonaDto: {
            /**
             * @description Up to 10 pictures. What was uploaded may have 20 MB together. In an edit: without it, the old message's pictures stay.
             * @example [
             *       {
             *         "url": "https://example.com/cat.png"
             *       }
             *     ]
             */
            images?: components["schemas"]["MessageImageDto"][];
            /** @description What was said before, oldest first; up to 50 messages. As of a conversation, only as much of it goes along as the model takes. */
            history?: components["schemas"]["PreviewMessageDto"][];
            /**
             * @description The version that answers, which may be a draft. Without it: the published one.
             * @example 4
             */
            version?: number;
            /** @description Changes of that version that are not saved anywhere: fields as in PATCH /personas/{persona_id}. */
            changes?: components["schemas"]["PersonaContentDto"];
            /**
             * @description What the user says, 1–32,000 characters.
             * @example Hi Alex! How are you doing today?
             */
            content: string;
        };
        SettingModelWarningResponse: {
            /**
             * @description The setting that names the model.
             * @example OPENAI_MODEL
             * @enum {string}
             */
            setting: "OPENAI_MODEL" | "SUMMARY_MODEL";
            /** @example gpt-4o */
            model: string;
            /**
             * @description `shut_down`: it does not answer any more. `ending`: it will be shut down. `unknown`: the model API does not list it.
             * @example ending
             * @enum {string}
             */
            status: "ending" | "shut_down" | "unknown";
            /**
             * @description The day of the shutdown; null when none is known.
             * @example 2027-01-14
             */
            shutdown_date: string | null;
            /**
             * @description Whole days until then (UTC); 0 or less when it has come.
             * @example 54
             */
            days_left: number | null;
            /**
             * @description It has ended, or will within `MODEL_WARNING_DAYS` (90).
             * @example true
             */
            is_soon: boolean;
            /**
             * @description The model to take instead, where that is known.
             * @example gpt-6-luna
             */
            replacement: string | null;
            /**
             * @description What to do about it.
             * @example gpt-4o will be shut down on 2027-01-14, in 54 days. Set its model to gpt-6-luna with PATCH /personas/7.
             */
            advice: string;
        };
        PersonaModelWarningResponse: {
            /**
             * @description What the model does for the persona: its `model`, one of its `fallback_models`, or the instance's default because it names none.
             * @example model
             * @enum {string}
             */
            role: "default_model" | "fallback_model" | "model";
            /** @example gpt-4o */
            model: string;
            /**
             * @description `shut_down`: it does not answer any more. `ending`: it will be shut down. `unknown`: the model API does not list it.
             * @example ending
             * @enum {string}
             */
            status: "ending" | "shut_down" | "unknown";
            /**
             * @description The day of the shutdown; null when none is known.
             * @example 2027-01-14
             */
            shutdown_date: string | null;
            /**
             * @description Whole days until then (UTC); 0 or less when it has come.
             * @example 54
             */
            days_left: number | null;
            /**
             * @description It has ended, or will within `MODEL_WARNING_DAYS` (90).
             * @example true
             */
            is_soon: boolean;
            /**
             * @description The model to take instead, where that is known.
             * @example gpt-6-luna
             */
            replacement: string | null;
            /**
             * @description What to do about it.
             * @example gpt-4o will be shut down on 2027-01-14, in 54 days. Set its model to gpt-6-luna with PATCH /personas/7.
             */
            advice: string;
        };
        PersonaModelWarningsResponse: {
            /** @example 7 */
            persona_id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example Alex */
            name: string;
            /**
             * @description The version that names it: the published one, or one of a comparison that is running.
             * @example 3
             */
            version: number;
            warnings: components["schemas"]["PersonaModelWarningResponse"][];
        };
        ModelWarningListResponse: {
            /**
             * Format: date-time
             * @description When the list of the model API was read last; null when it never was.
             * @example 2026-11-21T03:00:00.000Z
             */
            read_at: string | null;
            /**
             * @description What the model API tells: `dates` (its models and when they end), `models` (its models only), `nothing` (it has no list, or it could not be read
             *     yet). What it does not tell nobody can warn of.
             * @example dates
             * @enum {string}
             */
            known: "dates" | "models" | "nothing";
            /** @description Models that settings of the instance name. */
            settings: components["schemas"]["SettingModelWarningResponse"][];
            /** @description Personas, newest version first. */
            personas: components["schemas"]["PersonaModelWarningsResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        CreateBudgetDto: {
            /**
             * @description What people call it, 1–100 characters.
             * @example Support, per month
             */
            name: string;
            /**
             * @description The workspace whose calls count; your personal one when left out. You must be one of its owners.
             * @example 1
             */
            workspace_id?: number | null;
            /**
             * @description Whose calls count: everybody's in the workspace; those of a user; those with a persona.
             * @example workspace
             * @enum {string}
             */
            scope: "persona" | "user" | "workspace";
            /** @description For the scope `user`: this member. Without it each user has this budget for themselves. */
            user_id?: number | null;
            /** @description For the scope `persona`: a persona of the workspace. */
            persona_id?: number | null;
            /**
             * @description What is counted.
             * @example usd
             * @enum {string}
             */
            unit: "tokens" | "usd";
            /**
             * @description The most that may be used in a period: tokens (a whole number), or US dollars with up to six decimals.
             * @example 25.5
             */
            limit: number;
            /**
             * @description How long until it begins anew.
             * @example month
             * @enum {string}
             */
            period: "day" | "month";
            /**
             * @description Where the day, or the first of the month, begins: a name of the IANA database. UTC when left out.
             * @example Europe/Berlin
             */
            time_zone?: string | null;
            /**
             * @description Whether messages are refused when it is used up (the default), or it only tells.
             * @example true
             */
            is_hard?: boolean | null;
            /**
             * @description Share of the limit, in percent, at which the log and the webhook are told; 80 when left out, null: never.
             * @example 80
             */
            alert_at_percent?: number | null;
            /**
             * @description Who is told, by POST: an https URL on the public internet.
             * @example https://hooks.example.com/budgets
             */
            webhook_url?: string | null;
        };
        BudgetUseResponse: {
            /** @example 2026-11-01T00:00:00.000Z */
            period_start: string;
            /**
             * Format: date-time
             * @description When the budget begins anew.
             * @example 2026-12-01T00:00:00.000Z
             */
            resets_at: string;
            /** @description Whose use it is, where each user counts alone; else null. */
            user_id: number | null;
            /**
             * @description Used by calls that have ended.
             * @example 12.25
             */
            spent: number;
            /**
             * @description Held for answers that are being made.
             * @example 0.01
             */
            reserved: number;
            /**
             * @description What is left; never below 0.
             * @example 13.24
             */
            remaining: number;
            /**
             * Format: date-time
             * @description When a message was first refused in this period.
             */
            refused_at: string | null;
        };
        BudgetResponse: {
            /** @example 3 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example Support, per month */
            name: string;
            /**
             * @example workspace
             * @enum {string}
             */
            scope: "persona" | "user" | "workspace";
            /** @description For the scope `user`; null: each user for themselves. */
            user_id: number | null;
            persona_id: number | null;
            /**
             * @example usd
             * @enum {string}
             */
            unit: "tokens" | "usd";
            /** @example 25.5 */
            limit: number;
            /**
             * @example month
             * @enum {string}
             */
            period: "day" | "month";
            /** @example Europe/Berlin */
            time_zone: string;
            /**
             * @description Messages are refused when it is used up.
             * @example true
             */
            is_hard: boolean;
            /** @example 80 */
            alert_at_percent: number | null;
            /** @example https://hooks.example.com/budgets */
            webhook_url: string | null;
            /** @description Signs what the webhook gets. Shown only in the answer that sets the webhook: keep it. */
            webhook_secret?: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
            /** @description The running period; null where each user counts alone (GET /budgets/{id}/periods lists them). */
            current: components["schemas"]["BudgetUseResponse"] | null;
        };
        BudgetListResponse: {
            budgets: components["schemas"]["BudgetResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        MyBudgetResponse: {
            /** @example 1 */
            workspace_id: number;
            /**
             * @example user
             * @enum {string}
             */
            scope: "persona" | "user" | "workspace";
            persona_id: number | null;
            /**
             * @example tokens
             * @enum {string}
             */
            unit: "tokens" | "usd";
            /** @example 100000 */
            limit: number;
            /**
             * @example day
             * @enum {string}
             */
            period: "day" | "month";
            /** @example true */
            is_hard: boolean;
            /**
             * @description What is left for you in this period.
             * @example 88000
             */
            remaining: number;
            /**
             * Format: date-time
             * @example 2026-11-22T00:00:00.000Z
             */
            resets_at: string;
        };
        MyBudgetListResponse: {
            budgets: components["schemas"]["MyBudgetResponse"][];
        };
        ChangeBudgetDto: {
            /**
             * @description 1–100 characters.
             * @example Support, per month
             */
            name?: string;
            /**
             * @description In the budget's unit. It counts at once, for the running period too.
             * @example 50
             */
            limit?: number;
            /**
             * @description Whether messages are refused when it is used up.
             * @example true
             */
            is_hard?: boolean;
            /**
             * @description In percent; null: never told.
             * @example 90
             */
            alert_at_percent?: number | null;
            /**
             * @description A new URL gets a new secret; null: nobody is told any more.
             * @example https://hooks.example.com/budgets
             */
            webhook_url?: string | null;
        };
        BudgetUseListResponse: {
            periods: components["schemas"]["BudgetUseResponse"][];
            /** @example false */
            has_more: boolean;
        };
        BudgetAlertResponse: {
            /** @example 5 */
            id: number;
            /**
             * @example soft_limit
             * @enum {string}
             */
            kind: "hard_limit" | "soft_limit";
            /** @description Whose, where each user counts alone. */
            user_id: number | null;
            /** @example 2026-11-01T00:00:00.000Z */
            period_start: string;
            /**
             * @description In the budget's unit, when it was noticed.
             * @example 20.5
             */
            spent: number;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * @description How often the webhook was called for it.
             * @example 1
             */
            delivery_attempts: number;
            /** Format: date-time */
            delivered_at: string | null;
            /**
             * Format: date-time
             * @description Null when it was delivered, given up, or there is no webhook.
             */
            next_attempt_at: string | null;
            /** @description Why the last attempt failed. */
            last_error: string | null;
        };
        BudgetAlertListResponse: {
            alerts: components["schemas"]["BudgetAlertResponse"][];
        };
        RequestReRatingDto: {
            /**
             * @description Calls that started then or later; from 2020 on.
             * @example 2026-11-01T00:00:00Z
             */
            from: string;
            /**
             * @description Calls that started before; without it there is no end.
             * @example 2026-12-01T00:00:00Z
             */
            to?: string | null;
            /**
             * @description Only calls of these models, at most 200; snapshots (`gpt-6-luna-2026-05-12`) belong to their model. Without it: all.
             * @example [
             *       "gpt-6-luna"
             *     ]
             */
            models?: string[];
            /**
             * @description Why, for those who read the audit; up to 500 characters.
             * @example Prices of October were missing.
             */
            reason?: string | null;
        };
        ReRatingScopeResponse: {
            /** @example openai */
            provider: string | null;
            /** @example gpt-6-luna */
            model: string | null;
            /**
             * @description Calls that started then or later.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /** @description Calls that started before; null: no end. */
            to: string | null;
        };
        PriceStateResponse: {
            /**
             * @example openai
             * @enum {string}
             */
            provider: "compatible" | "openai";
            /** @example gpt-6-luna */
            model: string;
            /** @example default */
            service_tier: string;
            /** @example 2026-11-01T00:00:00.000Z */
            effective_from: string;
            /**
             * @example seed
             * @enum {string}
             */
            source: "admin" | "import:genai-prices" | "seed";
            /** @example 0.1 */
            input_usd_per_mtok: number;
            /** @example 0.01 */
            cached_input_usd_per_mtok: number | null;
            /** @example 0.125 */
            cache_write_usd_per_mtok: number | null;
            /** @example 0.5 */
            output_usd_per_mtok: number;
            reasoning_usd_per_mtok: number | null;
            /** @example 272000 */
            long_context_over_tokens: number | null;
            /** @example 2 */
            long_context_input_factor: number | null;
            /** @example 1.5 */
            long_context_output_factor: number | null;
        };
        PriceChangeResponse: {
            /** @example 42 */
            price_id: number;
            /**
             * @example changed
             * @enum {string}
             */
            kind: "changed" | "created" | "deleted";
            /** @description Null when it was made. */
            before: components["schemas"]["PriceStateResponse"] | null;
            /** @description Null when it was deleted. */
            after: components["schemas"]["PriceStateResponse"] | null;
            /** @example OpenAI lowered the price on 1 November. */
            reason: string | null;
            /**
             * @description The user who did it; null when that account is gone.
             * @example 1
             */
            changed_by: number | null;
            /** @example 7 */
            re_rating_id: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
        };
        ReRatingProgressResponse: {
            /**
             * @description How many groups of calls (of one provider and model) there are; null while it waits.
             * @example 3
             */
            groups: number | null;
            /** @example 3 */
            groups_done: number;
        };
        ReRatingOfModelResponse: {
            /**
             * @description Provider and model that answered, or that was asked for where no answer named one; from the 201st on all others together.
             * @example openai/gpt-6-luna-2026-05-12
             */
            model: string;
            /** @example 1000000 */
            calls_looked_at: number;
            /**
             * @description Those that got another cost, or their cost from another price.
             * @example 1000000
             */
            calls_changed: number;
            /**
             * @description Those that had no cost before.
             * @example 0
             */
            calls_newly_priced: number;
            /**
             * @description Those that have no cost any more.
             * @example 0
             */
            calls_newly_unpriced: number;
            /**
             * @description Of the calls looked at, before.
             * @example 164.25
             */
            cost_before_usd: number;
            /**
             * @description Of the same calls, after. The ledger's sum has changed by the difference.
             * @example 82.125
             */
            cost_after_usd: number;
        };
        ReRatingResponse: {
            /** @example 7 */
            id: number;
            /**
             * @description `waiting`: not begun. `running`: goes through the calls. `settling`: all calls of the past are done; it waits for those that were running
             *     during the change, and looks at them again. `completed`: done.
             * @example completed
             * @enum {string}
             */
            status: "completed" | "running" | "settling" | "waiting";
            /**
             * @description What it was made for: a price was `created`, `changed` or `deleted`, prices were `imported`, or somebody `requested` it.
             * @example changed
             * @enum {string}
             */
            cause: "changed" | "created" | "deleted" | "imported" | "requested";
            /** @example OpenAI lowered the price on 1 November. */
            reason: string | null;
            /**
             * @description The user who caused it; null when that account is gone.
             * @example 1
             */
            requested_by: number | null;
            scopes: components["schemas"]["ReRatingScopeResponse"][];
            /** @description The changes of prices that it was made for; at most 200. */
            changes: components["schemas"]["PriceChangeResponse"][];
            progress: components["schemas"]["ReRatingProgressResponse"];
            by_model: components["schemas"]["ReRatingOfModelResponse"][];
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.100Z
             */
            started_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:01:30.000Z
             */
            finished_at: string | null;
            /** @example 1000000 */
            calls_looked_at: number;
            /**
             * @description Those that got another cost, or their cost from another price.
             * @example 1000000
             */
            calls_changed: number;
            /**
             * @description Those that had no cost before.
             * @example 0
             */
            calls_newly_priced: number;
            /**
             * @description Those that have no cost any more.
             * @example 0
             */
            calls_newly_unpriced: number;
            /**
             * @description Of the calls looked at, before.
             * @example 164.25
             */
            cost_before_usd: number;
            /**
             * @description Of the same calls, after. The ledger's sum has changed by the difference.
             * @example 82.125
             */
            cost_after_usd: number;
        };
        ReRatingListResponse: {
            re_ratings: components["schemas"]["ReRatingResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description Null on the last page. */
            next_cursor: string | null;
        };
        PriceResponse: {
            /** @example 42 */
            id: number;
            /**
             * @example openai
             * @enum {string}
             */
            provider: "compatible" | "openai";
            /** @example gpt-6-luna */
            model: string;
            /** @example default */
            service_tier: string;
            /** @example 2026-11-01T00:00:00.000Z */
            effective_from: string;
            /** @description When the next price of the same model and tier takes its place; null: none does. */
            effective_to: string | null;
            /**
             * @description `seed`: came with Parley. `admin`: set by an instance admin, and no import touches it. `import:genai-prices`: taken over from the package.
             * @example seed
             * @enum {string}
             */
            source: "admin" | "import:genai-prices" | "seed";
            /** @description The user who made it; null for the ones that came with Parley. */
            created_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description It is out of use since then, and kept because calls were rated with it.
             */
            deleted_at: string | null;
            /** @example 0.1 */
            input_usd_per_mtok: number;
            /**
             * @description Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok: number | null;
            /**
             * @description Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok: number | null;
            /** @example 0.5 */
            output_usd_per_mtok: number;
            /** @description Null: as other output. */
            reasoning_usd_per_mtok: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens: number | null;
            /** @example 2 */
            long_context_input_factor: number | null;
            /** @example 1.5 */
            long_context_output_factor: number | null;
        };
        PriceListResponse: {
            prices: components["schemas"]["PriceResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description Null on the last page. */
            next_cursor: string | null;
        };
        ImportPricesDto: {
            /**
             * @description Where from: the package `@pydantic/genai-prices` as it is installed. Nothing is fetched.
             * @example genai-prices
             * @enum {string}
             */
            source: "genai-prices";
            /**
             * @description Only these models, at most 200. Without it: all of OpenAI's that the package lists.
             * @example [
             *       "gpt-5.6-luna",
             *       "gpt-4o"
             *     ]
             */
            models?: string[];
            /**
             * @description Only say what would be done.
             * @default false
             * @example true
             */
            is_dry_run?: boolean;
            /**
             * @description Whether calls that the change concerns are rated again, also those of the past. False: they keep the cost that they have.
             * @default true
             * @example true
             */
            is_rerated?: boolean;
            /**
             * @description Why, for those who read the audit; up to 500 characters.
             * @example OpenAI lowered the price on 1 November.
             */
            reason?: string | null;
        };
        PriceAmountsResponse: {
            /** @example 0.1 */
            input_usd_per_mtok: number;
            /**
             * @description Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok: number | null;
            /**
             * @description Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok: number | null;
            /** @example 0.5 */
            output_usd_per_mtok: number;
            /** @description Null: as other output. */
            reasoning_usd_per_mtok: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens: number | null;
            /** @example 2 */
            long_context_input_factor: number | null;
            /** @example 1.5 */
            long_context_output_factor: number | null;
        };
        ImportedPriceResponse: {
            /** @example gpt-5.6-luna */
            model: string;
            /**
             * @description The package knows the default tier only.
             * @example default
             */
            service_tier: string;
            /**
             * @description From when on the package has it; 2020-01-01 for a model's first price.
             * @example 2026-07-30T00:00:00.000Z
             */
            effective_from: string;
            /**
             * @example added
             * @enum {string}
             */
            action: "added" | "changed" | "kept";
            /** @description Why it is kept. */
            reason: string | null;
            /** @description The price here at that date, before the import; null: there is none. */
            current: components["schemas"]["PriceAmountsResponse"] | null;
            /** @description The price of the package. */
            imported: components["schemas"]["PriceAmountsResponse"];
            /**
             * @description What the package also has a price for and Parley does not bill.
             * @example [
             *       "web_searches_kcount"
             *     ]
             */
            units_not_billed: string[];
        };
        SkippedModelResponse: {
            /** @example whisper-1 */
            model: string;
            /** @example it has no price per token of input and output */
            reason: string;
        };
        PriceImportResponse: {
            /**
             * @description True: nothing was changed.
             * @example true
             */
            is_dry_run: boolean;
            /** @example 12 */
            added: number;
            /** @example 1 */
            changed: number;
            /** @example 3 */
            kept: number;
            prices: components["schemas"]["ImportedPriceResponse"][];
            skipped: components["schemas"]["SkippedModelResponse"][];
            /**
             * @description Models that you asked for and the package does not know.
             * @example [
             *       "gpt-6.1-sol"
             *     ]
             */
            not_found: string[];
            /** @description The re-rating that the import has started; null: none. */
            re_rating_id: number | null;
        };
        PriceDetailsResponse: {
            /** @example 42 */
            id: number;
            /**
             * @example openai
             * @enum {string}
             */
            provider: "compatible" | "openai";
            /** @example gpt-6-luna */
            model: string;
            /** @example default */
            service_tier: string;
            /** @example 2026-11-01T00:00:00.000Z */
            effective_from: string;
            /** @description When the next price of the same model and tier takes its place; null: none does. */
            effective_to: string | null;
            /**
             * @description `seed`: came with Parley. `admin`: set by an instance admin, and no import touches it. `import:genai-prices`: taken over from the package.
             * @example seed
             * @enum {string}
             */
            source: "admin" | "import:genai-prices" | "seed";
            /** @description The user who made it; null for the ones that came with Parley. */
            created_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description It is out of use since then, and kept because calls were rated with it.
             */
            deleted_at: string | null;
            /** @example 0.1 */
            input_usd_per_mtok: number;
            /**
             * @description Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok: number | null;
            /**
             * @description Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok: number | null;
            /** @example 0.5 */
            output_usd_per_mtok: number;
            /** @description Null: as other output. */
            reasoning_usd_per_mtok: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens: number | null;
            /** @example 2 */
            long_context_input_factor: number | null;
            /** @example 1.5 */
            long_context_output_factor: number | null;
            /** @description Its newest 200 changes, the newest first. */
            changes: components["schemas"]["PriceChangeResponse"][];
        };
        CreatePriceDto: {
            /**
             * @description `openai`: the official API. `compatible`: the server that `OPENAI_BASE_URL` names.
             * @default openai
             * @example openai
             * @enum {string}
             */
            provider?: "compatible" | "openai";
            /**
             * @description As the upstream names it. A price for `gpt-6-luna` also counts for its snapshots (`gpt-6-luna-2026-05-12`) without prices of their own.
             * @example gpt-6-luna
             */
            model: string;
            /**
             * @description The tier in which the upstream runs a call, as its answer says. `default`: none of its own.
             * @default default
             * @example default
             */
            service_tier?: string;
            /**
             * @description From when on it holds, until the next price of the same model and tier; from 2020 on. Without it: from now on.
             * @example 2026-11-01T00:00:00Z
             */
            effective_from?: string;
            /**
             * @description US dollars per million input tokens.
             * @example 0.1
             */
            input_usd_per_mtok: number;
            /**
             * @description US dollars per million output tokens.
             * @example 0.5
             */
            output_usd_per_mtok: number;
            /**
             * @description US dollars per million input tokens that came from the upstream's cache. Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok?: number | null;
            /**
             * @description US dollars per million input tokens that were written into the upstream's cache. Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok?: number | null;
            /** @description US dollars per million reasoning tokens, which are part of the output. Null: as other output. */
            reasoning_usd_per_mtok?: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens?: number | null;
            /**
             * @description What all kinds of input cost more then. Null: 1.
             * @example 2
             */
            long_context_input_factor?: number | null;
            /**
             * @description What output costs more then. Null: 1.
             * @example 1.5
             */
            long_context_output_factor?: number | null;
            /**
             * @description Whether calls that the change concerns are rated again, also those of the past. False: they keep the cost that they have.
             * @default true
             * @example true
             */
            is_rerated?: boolean;
            /**
             * @description Why, for those who read the audit; up to 500 characters.
             * @example OpenAI lowered the price on 1 November.
             */
            reason?: string | null;
        };
        ChangedPriceResponse: {
            /** @example 42 */
            id: number;
            /**
             * @example openai
             * @enum {string}
             */
            provider: "compatible" | "openai";
            /** @example gpt-6-luna */
            model: string;
            /** @example default */
            service_tier: string;
            /** @example 2026-11-01T00:00:00.000Z */
            effective_from: string;
            /** @description When the next price of the same model and tier takes its place; null: none does. */
            effective_to: string | null;
            /**
             * @description `seed`: came with Parley. `admin`: set by an instance admin, and no import touches it. `import:genai-prices`: taken over from the package.
             * @example seed
             * @enum {string}
             */
            source: "admin" | "import:genai-prices" | "seed";
            /** @description The user who made it; null for the ones that came with Parley. */
            created_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
            /**
             * Format: date-time
             * @description It is out of use since then, and kept because calls were rated with it.
             */
            deleted_at: string | null;
            /** @example 0.1 */
            input_usd_per_mtok: number;
            /**
             * @description Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok: number | null;
            /**
             * @description Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok: number | null;
            /** @example 0.5 */
            output_usd_per_mtok: number;
            /** @description Null: as other output. */
            reasoning_usd_per_mtok: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens: number | null;
            /** @example 2 */
            long_context_input_factor: number | null;
            /** @example 1.5 */
            long_context_output_factor: number | null;
            /**
             * @description The re-rating that the change has started (GET /prices/re-ratings/{id}); null: none.
             * @example 7
             */
            re_rating_id: number | null;
        };
        ChangePriceDto: {
            /**
             * @description From when on it holds.
             * @example 2026-11-01T00:00:00Z
             */
            effective_from?: string;
            /**
             * @description US dollars per million input tokens.
             * @example 0.1
             */
            input_usd_per_mtok?: number;
            /**
             * @description US dollars per million output tokens.
             * @example 0.5
             */
            output_usd_per_mtok?: number;
            /**
             * @description US dollars per million input tokens that came from the upstream's cache. Null: as other input.
             * @example 0.01
             */
            cached_input_usd_per_mtok?: number | null;
            /**
             * @description US dollars per million input tokens that were written into the upstream's cache. Null: as other input.
             * @example 0.125
             */
            cache_write_usd_per_mtok?: number | null;
            /** @description US dollars per million reasoning tokens, which are part of the output. Null: as other output. */
            reasoning_usd_per_mtok?: number | null;
            /**
             * @description Above this many input tokens the factors apply to the whole call. Null: never.
             * @example 272000
             */
            long_context_over_tokens?: number | null;
            /**
             * @description What all kinds of input cost more then. Null: 1.
             * @example 2
             */
            long_context_input_factor?: number | null;
            /**
             * @description What output costs more then. Null: 1.
             * @example 1.5
             */
            long_context_output_factor?: number | null;
            /**
             * @description Whether calls that the change concerns are rated again, also those of the past. False: they keep the cost that they have.
             * @default true
             * @example true
             */
            is_rerated?: boolean;
            /**
             * @description Why, for those who read the audit; up to 500 characters.
             * @example OpenAI lowered the price on 1 November.
             */
            reason?: string | null;
        };
        UsageFigures: {
            /**
             * @description Calls to models: each attempt is one. Answers from the cache are none.
             * @example 42
             */
            calls: number;
            /** @example 38 */
            succeeded_calls: number;
            /** @example 2 */
            failed_calls: number;
            /**
             * @description Stopped, or their answer was not wanted any more.
             * @example 1
             */
            cancelled_calls: number;
            /**
             * @description Their worker died: what they used is not known unless the upstream answer still came.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Under way.
             * @example 0
             */
            open_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 2
             */
            retries: number;
            /**
             * @description Answers from the cache: nobody was asked, they cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Calls to the local simulator, which costs nothing; part of `calls` and of the tokens.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Tokens are those that the upstream told.
             * @example 12000
             */
            input_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 3000
             */
            cached_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 0
             */
            cache_write_tokens: number;
            /** @example 4000 */
            output_tokens: number;
            /**
             * @description Part of `output_tokens`.
             * @example 500
             */
            reasoning_tokens: number;
            /** @example 16000 */
            total_tokens: number;
            /**
             * @description Our estimate for replies that were stopped before the upstream could tell; in none of the other token figures.
             * @example 120
             */
            estimated_tokens: number;
            /**
             * @description Calls that have ended and whose tokens nobody knows: refused, cut, lost.
             * @example 2
             */
            calls_without_usage: number;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 0.0123
             */
            cost_usd: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
        };
        UsageGroupResponse: {
            /**
             * @description Calls to models: each attempt is one. Answers from the cache are none.
             * @example 42
             */
            calls: number;
            /** @example 38 */
            succeeded_calls: number;
            /** @example 2 */
            failed_calls: number;
            /**
             * @description Stopped, or their answer was not wanted any more.
             * @example 1
             */
            cancelled_calls: number;
            /**
             * @description Their worker died: what they used is not known unless the upstream answer still came.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Under way.
             * @example 0
             */
            open_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 2
             */
            retries: number;
            /**
             * @description Answers from the cache: nobody was asked, they cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Calls to the local simulator, which costs nothing; part of `calls` and of the tokens.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Tokens are those that the upstream told.
             * @example 12000
             */
            input_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 3000
             */
            cached_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 0
             */
            cache_write_tokens: number;
            /** @example 4000 */
            output_tokens: number;
            /**
             * @description Part of `output_tokens`.
             * @example 500
             */
            reasoning_tokens: number;
            /** @example 16000 */
            total_tokens: number;
            /**
             * @description Our estimate for replies that were stopped before the upstream could tell; in none of the other token figures.
             * @example 120
             */
            estimated_tokens: number;
            /**
             * @description Calls that have ended and whose tokens nobody knows: refused, cut, lost.
             * @example 2
             */
            calls_without_usage: number;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 0.0123
             */
            cost_usd: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
            /**
             * @description A model, the id of a persona or user, a channel, a purpose; or `other`.
             * @example gpt-6-luna
             */
            group: string;
        };
        UsagePointResponse: {
            /**
             * @description Null where nothing is told apart.
             * @example null
             */
            group: string | null;
            /** @example 2026-11-20T00:00:00.000Z */
            start: string;
            /** @example 2026-11-21T00:00:00.000Z */
            end: string;
            /**
             * @description What the point is called in its time zone.
             * @example 2026-11-20
             */
            label: string;
            /**
             * @description Calls to models: each attempt is one. Answers from the cache are none.
             * @example 42
             */
            calls: number;
            /** @example 38 */
            succeeded_calls: number;
            /** @example 2 */
            failed_calls: number;
            /**
             * @description Stopped, or their answer was not wanted any more.
             * @example 1
             */
            cancelled_calls: number;
            /**
             * @description Their worker died: what they used is not known unless the upstream answer still came.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Under way.
             * @example 0
             */
            open_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 2
             */
            retries: number;
            /**
             * @description Answers from the cache: nobody was asked, they cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Calls to the local simulator, which costs nothing; part of `calls` and of the tokens.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Tokens are those that the upstream told.
             * @example 12000
             */
            input_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 3000
             */
            cached_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 0
             */
            cache_write_tokens: number;
            /** @example 4000 */
            output_tokens: number;
            /**
             * @description Part of `output_tokens`.
             * @example 500
             */
            reasoning_tokens: number;
            /** @example 16000 */
            total_tokens: number;
            /**
             * @description Our estimate for replies that were stopped before the upstream could tell; in none of the other token figures.
             * @example 120
             */
            estimated_tokens: number;
            /**
             * @description Calls that have ended and whose tokens nobody knows: refused, cut, lost.
             * @example 2
             */
            calls_without_usage: number;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 0.0123
             */
            cost_usd: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
        };
        UsageReportResponse: {
            /**
             * @description Whose calls these are.
             * @example me
             * @enum {string}
             */
            scope: "instance" | "me" | "workspace";
            /**
             * @example day
             * @enum {string}
             */
            interval: "day" | "hour" | "month" | "none";
            /**
             * @description What the figures are told apart by.
             * @example model
             * @enum {string|null}
             */
            group_by: "channel" | "model" | "persona" | "purpose" | "user" | null;
            totals: components["schemas"]["UsageFigures"];
            /** @description The whole range by group, the highest first; empty without `group_by`. */
            groups: components["schemas"]["UsageGroupResponse"][];
            /** @description In the order of time. With `group_by` points without calls are left out. */
            series: components["schemas"]["UsagePointResponse"][];
            /**
             * @description The beginning, part of the range.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description The end, not part of the range.
             * @example 2026-11-21T14:00:00.000Z
             */
            to: string;
            /** @example UTC */
            time_zone: string;
            /**
             * @description How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
             * @example 0
             */
            groups_left_out: number;
        };
        CostFigures: {
            /**
             * @description `cost_usd` by `replies`: with failed attempts, summaries and previews in it. Null without replies.
             * @example 0.0031
             */
            cost_per_message_usd: number | null;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 1.25
             */
            cost_usd: number;
            /**
             * @description The part of `cost_usd` that rests on estimated tokens.
             * @example 0.01
             */
            estimated_cost_usd: number;
            /**
             * @description Calls that are in `cost_usd`.
             * @example 420
             */
            priced_calls: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
            /**
             * @description Calls to the local simulator.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Answers from the cache, which cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Replies of models whose price is known.
             * @example 400
             */
            replies: number;
        };
        CostGroupResponse: {
            /**
             * @description `cost_usd` by `replies`: with failed attempts, summaries and previews in it. Null without replies.
             * @example 0.0031
             */
            cost_per_message_usd: number | null;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 1.25
             */
            cost_usd: number;
            /**
             * @description The part of `cost_usd` that rests on estimated tokens.
             * @example 0.01
             */
            estimated_cost_usd: number;
            /**
             * @description Calls that are in `cost_usd`.
             * @example 420
             */
            priced_calls: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
            /**
             * @description Calls to the local simulator.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Answers from the cache, which cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Replies of models whose price is known.
             * @example 400
             */
            replies: number;
            /**
             * @description A model, the id of a persona or user, a channel, a purpose; or `other`.
             * @example gpt-6-luna
             */
            group: string;
        };
        CostPointResponse: {
            /**
             * @description `cost_usd` by `replies`: with failed attempts, summaries and previews in it. Null without replies.
             * @example 0.0031
             */
            cost_per_message_usd: number | null;
            /**
             * @description Null where nothing is told apart.
             * @example null
             */
            group: string | null;
            /** @example 2026-11-20T00:00:00.000Z */
            start: string;
            /** @example 2026-11-21T00:00:00.000Z */
            end: string;
            /**
             * @description What the point is called in its time zone.
             * @example 2026-11-20
             */
            label: string;
            /**
             * @description The sum of the calls whose price is known, in US dollars.
             * @example 1.25
             */
            cost_usd: number;
            /**
             * @description The part of `cost_usd` that rests on estimated tokens.
             * @example 0.01
             */
            estimated_cost_usd: number;
            /**
             * @description Calls that are in `cost_usd`.
             * @example 420
             */
            priced_calls: number;
            /**
             * @description Calls that used tokens and are not in `cost_usd`, because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
            /**
             * @description Calls to the local simulator.
             * @example 0
             */
            simulated_calls: number;
            /**
             * @description Answers from the cache, which cost nothing.
             * @example 5
             */
            cached_answers: number;
            /**
             * @description Replies of models whose price is known.
             * @example 400
             */
            replies: number;
        };
        SpendResponse: {
            /** @example 2026-11-01T00:00:00.000Z */
            from: string;
            /** @example 1.25 */
            cost_usd: number;
            /** @example 0 */
            unpriced_calls: number;
        };
        SpendSoFarResponse: {
            today: components["schemas"]["SpendResponse"];
            this_month: components["schemas"]["SpendResponse"];
        };
        CostReportResponse: {
            /**
             * @description Whose calls these are.
             * @example me
             * @enum {string}
             */
            scope: "instance" | "me" | "workspace";
            /**
             * @example day
             * @enum {string}
             */
            interval: "day" | "hour" | "month" | "none";
            /**
             * @description What the figures are told apart by.
             * @example model
             * @enum {string|null}
             */
            group_by: "channel" | "model" | "persona" | "purpose" | "user" | null;
            totals: components["schemas"]["CostFigures"];
            /** @description The whole range by group, the highest first; empty without `group_by`. */
            groups: components["schemas"]["CostGroupResponse"][];
            /** @description In the order of time. With `group_by` points without calls are left out. */
            series: components["schemas"]["CostPointResponse"][];
            /** @description The day and the month that are now, whatever the range; with the same filters. */
            spend: components["schemas"]["SpendSoFarResponse"];
            /**
             * @description The beginning, part of the range.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description The end, not part of the range.
             * @example 2026-11-21T14:00:00.000Z
             */
            to: string;
            /** @example UTC */
            time_zone: string;
            /**
             * @description How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
             * @example 0
             */
            groups_left_out: number;
        };
        LatencyFigures: {
            /**
             * @description Mean time from when the attempt could run to when it did.
             * @example 412.5
             */
            queue_average_ms: number | null;
            /** @example 380 */
            queue_p50_ms: number | null;
            /** @example 900 */
            queue_p95_ms: number | null;
            /** @example 1500 */
            queue_p99_ms: number | null;
            /**
             * @description Mean time from the request to the first piece of text.
             * @example 412.5
             */
            first_token_average_ms: number | null;
            /** @example 380 */
            first_token_p50_ms: number | null;
            /** @example 900 */
            first_token_p95_ms: number | null;
            /** @example 1500 */
            first_token_p99_ms: number | null;
            /**
             * @description Mean time from the request to the end.
             * @example 412.5
             */
            total_average_ms: number | null;
            /** @example 380 */
            total_p50_ms: number | null;
            /** @example 900 */
            total_p95_ms: number | null;
            /** @example 1500 */
            total_p99_ms: number | null;
            /**
             * @description Succeeded calls.
             * @example 420
             */
            calls: number;
        };
        LatencyGroupResponse: {
            /**
             * @description Mean time from when the attempt could run to when it did.
             * @example 412.5
             */
            queue_average_ms: number | null;
            /** @example 380 */
            queue_p50_ms: number | null;
            /** @example 900 */
            queue_p95_ms: number | null;
            /** @example 1500 */
            queue_p99_ms: number | null;
            /**
             * @description Mean time from the request to the first piece of text.
             * @example 412.5
             */
            first_token_average_ms: number | null;
            /** @example 380 */
            first_token_p50_ms: number | null;
            /** @example 900 */
            first_token_p95_ms: number | null;
            /** @example 1500 */
            first_token_p99_ms: number | null;
            /**
             * @description Mean time from the request to the end.
             * @example 412.5
             */
            total_average_ms: number | null;
            /** @example 380 */
            total_p50_ms: number | null;
            /** @example 900 */
            total_p95_ms: number | null;
            /** @example 1500 */
            total_p99_ms: number | null;
            /**
             * @description Succeeded calls.
             * @example 420
             */
            calls: number;
            /**
             * @description A model, the id of a persona or user, a channel, a purpose; or `other`.
             * @example gpt-6-luna
             */
            group: string;
        };
        LatencyPointResponse: {
            /**
             * @description Mean time from when the attempt could run to when it did.
             * @example 412.5
             */
            queue_average_ms: number | null;
            /** @example 380 */
            queue_p50_ms: number | null;
            /** @example 900 */
            queue_p95_ms: number | null;
            /** @example 1500 */
            queue_p99_ms: number | null;
            /**
             * @description Mean time from the request to the first piece of text.
             * @example 412.5
             */
            first_token_average_ms: number | null;
            /** @example 380 */
            first_token_p50_ms: number | null;
            /** @example 900 */
            first_token_p95_ms: number | null;
            /** @example 1500 */
            first_token_p99_ms: number | null;
            /**
             * @description Mean time from the request to the end.
             * @example 412.5
             */
            total_average_ms: number | null;
            /** @example 380 */
            total_p50_ms: number | null;
            /** @example 900 */
            total_p95_ms: number | null;
            /** @example 1500 */
            total_p99_ms: number | null;
            /**
             * @description Null where nothing is told apart.
             * @example null
             */
            group: string | null;
            /** @example 2026-11-20T00:00:00.000Z */
            start: string;
            /** @example 2026-11-21T00:00:00.000Z */
            end: string;
            /**
             * @description What the point is called in its time zone.
             * @example 2026-11-20
             */
            label: string;
            /**
             * @description Succeeded calls.
             * @example 420
             */
            calls: number;
        };
        LatencyReportResponse: {
            /**
             * @description Whose calls these are.
             * @example me
             * @enum {string}
             */
            scope: "instance" | "me" | "workspace";
            /**
             * @example day
             * @enum {string}
             */
            interval: "day" | "hour" | "month" | "none";
            /**
             * @description What the figures are told apart by.
             * @example model
             * @enum {string|null}
             */
            group_by: "channel" | "model" | "persona" | "purpose" | "user" | null;
            /**
             * @description Percentiles of ranges of up to 25 hours are exact, but for those of the group `other`.
             * @example approximate
             * @enum {string}
             */
            percentiles: "approximate" | "exact";
            /**
             * @description How far approximate percentiles are off at most, as a share of their value; null when they are exact.
             * @example 0.05
             */
            relative_error: number | null;
            totals: components["schemas"]["LatencyFigures"];
            /** @description The whole range by group, the highest first; empty without `group_by`. */
            groups: components["schemas"]["LatencyGroupResponse"][];
            /** @description In the order of time. With `group_by` points without calls are left out. */
            series: components["schemas"]["LatencyPointResponse"][];
            /**
             * @description The beginning, part of the range.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description The end, not part of the range.
             * @example 2026-11-21T14:00:00.000Z
             */
            to: string;
            /** @example UTC */
            time_zone: string;
            /**
             * @description How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
             * @example 0
             */
            groups_left_out: number;
        };
        ErrorsFigures: {
            /**
             * @description Failed and lost calls by all calls. Null without calls.
             * @example 0.021
             */
            error_rate: number | null;
            /**
             * @description `retries` by all calls. Null without calls.
             * @example 0.017
             */
            retry_rate: number | null;
            /**
             * @description All calls.
             * @example 420
             */
            calls: number;
            /** @example 8 */
            failed_calls: number;
            /**
             * @description Their worker died.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Stopped by people, or their answer was not wanted any more; no error.
             * @example 3
             */
            cancelled_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 7
             */
            retries: number;
        };
        ErrorsGroupResponse: {
            /**
             * @description Failed and lost calls by all calls. Null without calls.
             * @example 0.021
             */
            error_rate: number | null;
            /**
             * @description `retries` by all calls. Null without calls.
             * @example 0.017
             */
            retry_rate: number | null;
            /**
             * @description All calls.
             * @example 420
             */
            calls: number;
            /** @example 8 */
            failed_calls: number;
            /**
             * @description Their worker died.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Stopped by people, or their answer was not wanted any more; no error.
             * @example 3
             */
            cancelled_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 7
             */
            retries: number;
            /**
             * @description A model, the id of a persona or user, a channel, a purpose; or `other`.
             * @example gpt-6-luna
             */
            group: string;
        };
        ErrorsPointResponse: {
            /**
             * @description Failed and lost calls by all calls. Null without calls.
             * @example 0.021
             */
            error_rate: number | null;
            /**
             * @description `retries` by all calls. Null without calls.
             * @example 0.017
             */
            retry_rate: number | null;
            /**
             * @description Null where nothing is told apart.
             * @example null
             */
            group: string | null;
            /** @example 2026-11-20T00:00:00.000Z */
            start: string;
            /** @example 2026-11-21T00:00:00.000Z */
            end: string;
            /**
             * @description What the point is called in its time zone.
             * @example 2026-11-20
             */
            label: string;
            /**
             * @description All calls.
             * @example 420
             */
            calls: number;
            /** @example 8 */
            failed_calls: number;
            /**
             * @description Their worker died.
             * @example 1
             */
            lost_calls: number;
            /**
             * @description Stopped by people, or their answer was not wanted any more; no error.
             * @example 3
             */
            cancelled_calls: number;
            /**
             * @description Calls that repeat a failed one.
             * @example 7
             */
            retries: number;
        };
        ErrorKindResponse: {
            /**
             * @example failed
             * @enum {string}
             */
            status: "cancelled" | "failed" | "lost";
            /**
             * @description See docs/errors.md.
             * @example UPSTREAM.RATE_LIMITED
             */
            error_code: string | null;
            /**
             * @description What the upstream answered with.
             * @example 429
             */
            http_status: number | null;
            /** @example 7 */
            calls: number;
        };
        ErrorsReportResponse: {
            /**
             * @description Whose calls these are.
             * @example me
             * @enum {string}
             */
            scope: "instance" | "me" | "workspace";
            /**
             * @example day
             * @enum {string}
             */
            interval: "day" | "hour" | "month" | "none";
            /**
             * @description What the figures are told apart by.
             * @example model
             * @enum {string|null}
             */
            group_by: "channel" | "model" | "persona" | "purpose" | "user" | null;
            totals: components["schemas"]["ErrorsFigures"];
            /** @description The whole range by group, the highest first; empty without `group_by`. */
            groups: components["schemas"]["ErrorsGroupResponse"][];
            /** @description In the order of time. With `group_by` points without calls are left out. */
            series: components["schemas"]["ErrorsPointResponse"][];
            /** @description The 50 most frequent kinds. */
            kinds: components["schemas"]["ErrorKindResponse"][];
            /**
             * @description The beginning, part of the range.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description The end, not part of the range.
             * @example 2026-11-21T14:00:00.000Z
             */
            to: string;
            /** @example UTC */
            time_zone: string;
            /**
             * @description How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
             * @example 0
             */
            groups_left_out: number;
        };
        ConversationsFigures: {
            /**
             * @description Turns by active conversation.
             * @example 6
             */
            average_turns: number | null;
            /**
             * @description Messages by active conversation: turns and replies.
             * @example 11.9
             */
            average_length: number | null;
            /**
             * @description Tokens by active conversation, summaries and failed attempts too.
             * @example 800
             */
            tokens_per_conversation: number | null;
            /**
             * @description What priced calls cost, by active conversation.
             * @example 0.004
             */
            cost_per_conversation_usd: number | null;
            /**
             * @description Conversations that began.
             * @example 12
             */
            created: number;
            /**
             * @description Conversations that were deleted.
             * @example 2
             */
            deleted: number;
            /** @example 0.4 */
            created_per_day: number;
            /** @example 0.07 */
            deleted_per_day: number;
            /**
             * @description Conversations in which a model was asked for a reply, each counted once.
             * @example 20
             */
            active: number;
            /**
             * @description Messages that a model was asked to answer.
             * @example 120
             */
            turns: number;
            /**
             * @description Answers of models, those from the cache too.
             * @example 118
             */
            replies: number;
            /**
             * @description Of everything that was asked in conversations: replies, failed attempts and summaries, not previews.
             * @example 16000
             */
            total_tokens: number;
        };
        ConversationsGroupResponse: {
            /**
             * @description Turns by active conversation.
             * @example 6
             */
            average_turns: number | null;
            /**
             * @description Messages by active conversation: turns and replies.
             * @example 11.9
             */
            average_length: number | null;
            /**
             * @description Tokens by active conversation, summaries and failed attempts too.
             * @example 800
             */
            tokens_per_conversation: number | null;
            /**
             * @description What priced calls cost, by active conversation.
             * @example 0.004
             */
            cost_per_conversation_usd: number | null;
            /**
             * @description Conversations that began.
             * @example 12
             */
            created: number;
            /**
             * @description Conversations that were deleted.
             * @example 2
             */
            deleted: number;
            /** @example 0.4 */
            created_per_day: number;
            /** @example 0.07 */
            deleted_per_day: number;
            /**
             * @description Conversations in which a model was asked for a reply, each counted once.
             * @example 20
             */
            active: number;
            /**
             * @description Messages that a model was asked to answer.
             * @example 120
             */
            turns: number;
            /**
             * @description Answers of models, those from the cache too.
             * @example 118
             */
            replies: number;
            /**
             * @description Of everything that was asked in conversations: replies, failed attempts and summaries, not previews.
             * @example 16000
             */
            total_tokens: number;
            /**
             * @description A model, the id of a persona or user, a channel, a purpose; or `other`.
             * @example gpt-6-luna
             */
            group: string;
        };
        ConversationsPointResponse: {
            /**
             * @description Turns by active conversation.
             * @example 6
             */
            average_turns: number | null;
            /**
             * @description Messages by active conversation: turns and replies.
             * @example 11.9
             */
            average_length: number | null;
            /**
             * @description Tokens by active conversation, summaries and failed attempts too.
             * @example 800
             */
            tokens_per_conversation: number | null;
            /**
             * @description What priced calls cost, by active conversation.
             * @example 0.004
             */
            cost_per_conversation_usd: number | null;
            /**
             * @description Null where nothing is told apart.
             * @example null
             */
            group: string | null;
            /** @example 2026-11-20T00:00:00.000Z */
            start: string;
            /** @example 2026-11-21T00:00:00.000Z */
            end: string;
            /**
             * @description What the point is called in its time zone.
             * @example 2026-11-20
             */
            label: string;
            /**
             * @description Conversations that began.
             * @example 12
             */
            created: number;
            /**
             * @description Conversations that were deleted.
             * @example 2
             */
            deleted: number;
            /** @example 0.4 */
            created_per_day: number;
            /** @example 0.07 */
            deleted_per_day: number;
            /**
             * @description Conversations in which a model was asked for a reply, each counted once.
             * @example 20
             */
            active: number;
            /**
             * @description Messages that a model was asked to answer.
             * @example 120
             */
            turns: number;
            /**
             * @description Answers of models, those from the cache too.
             * @example 118
             */
            replies: number;
            /**
             * @description Of everything that was asked in conversations: replies, failed attempts and summaries, not previews.
             * @example 16000
             */
            total_tokens: number;
        };
        ConversationsReportResponse: {
            /**
             * @description Whose calls these are.
             * @example me
             * @enum {string}
             */
            scope: "instance" | "me" | "workspace";
            /**
             * @example day
             * @enum {string}
             */
            interval: "day" | "hour" | "month" | "none";
            /**
             * @description What the figures are told apart by.
             * @example model
             * @enum {string|null}
             */
            group_by: "channel" | "model" | "persona" | "purpose" | "user" | null;
            totals: components["schemas"]["ConversationsFigures"];
            /** @description The whole range by group, the highest first; empty without `group_by`. */
            groups: components["schemas"]["ConversationsGroupResponse"][];
            /** @description In the order of time. With `group_by` points without calls are left out. */
            series: components["schemas"]["ConversationsPointResponse"][];
            /**
             * @description The beginning, part of the range.
             * @example 2026-11-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description The end, not part of the range.
             * @example 2026-11-21T14:00:00.000Z
             */
            to: string;
            /** @example UTC */
            time_zone: string;
            /**
             * @description How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
             * @example 0
             */
            groups_left_out: number;
        };
        ChatStatsResponse: {
            /** @example 5 */
            total_conversations: number;
            /**
             * @description Messages that are not deleted, yours and the replies.
             * @example 150
             */
            total_messages: number;
            /**
             * @description Tokens of every attempt whose use is known, also of conversations that were deleted.
             * @example 5000
             */
            total_tokens: number;
            /**
             * @description Tokens of replies that were stopped before the upstream could say: our estimate, not part of `total_tokens`.
             * @example 0
             */
            estimated_tokens: number;
            /**
             * @description Sum of the calls whose price is known, in US dollars.
             * @example 0.01
             */
            estimated_cost_usd: number;
            /**
             * @description Calls that are not in the sum because no price is known for them.
             * @example 0
             */
            unpriced_calls: number;
        };
        ExperimentResultsResponse: {
            /**
             * @description Conversations that have this version and are not erased.
             * @example 500
             */
            conversations: number;
            /**
             * @description Turns that were begun while the experiment ran.
             * @example 2100
             */
            turns: number;
            /** @example 2080 */
            completed: number;
            /** @example 15 */
            failed: number;
            /** @example 5 */
            cancelled: number;
            /**
             * @description Failed turns among those that were completed or failed; null when there is none.
             * @example 0.007
             */
            error_rate: number | null;
            /**
             * @description Attempts against the model, those for summaries included.
             * @example 2130
             */
            calls: number;
            /**
             * @description Attempts that failed, or whose worker died.
             * @example 30
             */
            failed_calls: number;
            /**
             * @description Answers that came from the answer cache, without a call.
             * @example 0
             */
            cached_answers: number;
            /** @example 420000 */
            input_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 310000
             */
            cached_tokens: number;
            /**
             * @description Part of `input_tokens`.
             * @example 0
             */
            cache_write_tokens: number;
            /** @example 96000 */
            output_tokens: number;
            /**
             * @description Part of `output_tokens`.
             * @example 0
             */
            reasoning_tokens: number;
            /** @example 516000 */
            total_tokens: number;
            /**
             * @description Of stopped replies whose upstream gave no count; not part of the others.
             * @example 0
             */
            estimated_tokens: number;
            /**
             * @description Calls that ended without the upstream saying what they used: it is not known, and in no sum.
             * @example 2
             */
            calls_without_usage: number;
            /** @example 0.0512 */
            cost_usd: number;
            /**
             * @description Calls with known usage and no known price: they are not in `cost_usd`.
             * @example 0
             */
            unpriced_calls: number;
            /**
             * @description Cost by conversation that calls were made for, erased ones too; null when there is none.
             * @example 0.000102
             */
            cost_per_conversation_usd: number | null;
            /**
             * @description Median of the model calls that gave an answer.
             * @example 840
             */
            call_p50_ms: number | null;
            /** @example 2100 */
            call_p95_ms: number | null;
            /** @example 310 */
            first_token_p50_ms: number | null;
            /**
             * @description Median from message to reply, waiting and retries included.
             * @example 870
             */
            response_p50_ms: number | null;
            /** @example 2300 */
            response_p95_ms: number | null;
            /**
             * @description Replies that were rated up.
             * @example 120
             */
            feedback_up: number;
            /**
             * @description Replies that were rated down.
             * @example 14
             */
            feedback_down: number;
            /**
             * @description Turns that were handed over to people.
             * @example 3
             */
            escalations: number;
        };
        ExperimentSplitResponse: {
            /**
             * @description Share of the conversations that got version B; null while there is none.
             * @example 0.49
             */
            share_b: number | null;
            /**
             * @description How likely a split this far from the wanted one is by chance; below 0.001 something is wrong with the experiment. Null while too few.
             * @example 0.53
             */
            p_value: number | null;
        };
        ProportionResponse: {
            /** @example 14 */
            hits: number;
            /** @example 134 */
            of: number;
            /**
             * @description Null when there is none.
             * @example 0.104
             */
            rate: number | null;
        };
        ProportionComparisonResponse: {
            /**
             * @description 95 percent confidence interval of the difference (Newcombe, from Wilson scores); null while one side has fewer than 30.
             * @example [
             *       -0.08,
             *       0.02
             *     ]
             */
            confidence_interval: number[] | null;
            a: components["schemas"]["ProportionResponse"];
            b: components["schemas"]["ProportionResponse"];
            /**
             * @description Rate of B minus rate of A.
             * @example -0.03
             */
            difference: number | null;
            /**
             * @description Of the two-proportion z-test, two-sided; null while there are too few. It holds for one look at the end, not for stopping at the first small value.
             * @example 0.24
             */
            p_value: number | null;
        };
        ExperimentComparisonResponse: {
            /** @description Conversations with a reply rated down, among those with any rating. */
            negative_feedback: components["schemas"]["ProportionComparisonResponse"];
            /** @description Conversations with a failed turn. */
            failed: components["schemas"]["ProportionComparisonResponse"];
            /** @description Conversations that were handed over to people. */
            escalated: components["schemas"]["ProportionComparisonResponse"];
        };
        ExperimentReportResponse: {
            /**
             * @example running
             * @enum {string}
             */
            status: "running" | "stopped";
            /** @example 5 */
            id: number;
            /** @example 7 */
            persona_id: number;
            /** @example Shorter answers */
            name: string;
            /** @example 3 */
            version_a: number;
            /** @example 4 */
            version_b: number;
            /**
             * @description Percent of the new conversations that get version B.
             * @example 50
             */
            share_b: number;
            /**
             * @description Null when that user is not known any more.
             * @example 1
             */
            started_by: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            started_at: string;
            stopped_by: number | null;
            /**
             * Format: date-time
             * @description Null while it runs.
             */
            stopped_at: string | null;
            /** @description The version that was published when it was stopped; null when none was. */
            published_version: number | null;
            a: components["schemas"]["ExperimentResultsResponse"];
            b: components["schemas"]["ExperimentResultsResponse"];
            /** @description Both together: every row of the usage ledger that belongs to the experiment. */
            total: components["schemas"]["ExperimentResultsResponse"];
            split: components["schemas"]["ExperimentSplitResponse"];
            comparison: components["schemas"]["ExperimentComparisonResponse"];
        };
        KeywordRuleResponse: {
            /**
             * @example {
             *       "de": [
             *         "dringend"
             *       ]
             *     }
             */
            by_language: {
                [key: string]: string[];
            };
            /** @example true */
            enabled: boolean;
            /**
             * @example [
             *       "urgent"
             *     ]
             */
            words: string[];
            /**
             * @example [
             *       "not urgent"
             *     ]
             */
            except: string[];
        };
        StreakRuleResponse: {
            /** @example 3 */
            turns: number;
            /** @example 0.7 */
            below: number;
        };
        SentimentRuleResponse: {
            /** @example true */
            enabled: boolean;
            /** @example -0.6 */
            threshold: number;
        };
        OpenHoursResponse: {
            /**
             * @description 1 is Monday.
             * @example 1
             */
            day: number;
            /** @example 09:00 */
            from: string;
            /** @example 17:00 */
            to: string;
        };
        BusinessHoursResponse: {
            /** @example Europe/Berlin */
            time_zone: string;
            weekly: components["schemas"]["OpenHoursResponse"][];
            /**
             * @example [
             *       "2026-12-25"
             *     ]
             */
            holidays: string[];
        };
        CustomerTextResponse: {
            /**
             * @example {
             *       "de": "Eine Kollegin übernimmt."
             *     }
             */
            by_language: {
                [key: string]: string;
            };
            /** @example A colleague takes over. */
            text: string;
        };
        CustomerTextsResponse: {
            hand_off: components["schemas"]["CustomerTextResponse"] | null;
            return: components["schemas"]["CustomerTextResponse"] | null;
            outside_hours: components["schemas"]["CustomerTextResponse"] | null;
            ended: components["schemas"]["CustomerTextResponse"] | null;
        };
        RuleSetResponse: {
            keywords: components["schemas"]["KeywordRuleResponse"];
            /** @example 0.5 */
            confidence_below: number | null;
            /** @example true */
            technical_errors: boolean;
            /** @example true */
            model_decides: boolean;
            /** @example true */
            human_request: boolean;
            low_confidence_streak: components["schemas"]["StreakRuleResponse"] | null;
            sentiment: components["schemas"]["SentimentRuleResponse"] | null;
            /** @example false */
            human_first: boolean;
            business_hours: components["schemas"]["BusinessHoursResponse"] | null;
            /**
             * @example queue
             * @enum {string}
             */
            outside_hours: "ai_only" | "queue";
            /** @example billing */
            skill: string | null;
            /** @example 0 */
            priority: number;
            /**
             * @example ai_answers
             * @enum {string}
             */
            while_waiting: "ai_answers" | "silent";
            texts: components["schemas"]["CustomerTextsResponse"];
            /** @example 300 */
            first_reply_within_s: number | null;
            /** @example false */
            csat: boolean;
        };
        EscalationRulesResponse: {
            /** @example 1 */
            workspace_id: number;
            /**
             * @description As you asked; null: for the workspace.
             * @example 1
             */
            persona_id: number | null;
            /**
             * @description Whose they are. `default`: the installation's, which count where customers write: at support chats, WhatsApp and Instagram.
             * @example workspace
             * @enum {string}
             */
            source: "default" | "persona" | "workspace";
            /**
             * @description False: nothing is handed over.
             * @example true
             */
            is_enabled: boolean;
            rules: components["schemas"]["RuleSetResponse"];
            /**
             * Format: date-time
             * @description Null for the installation's.
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string | null;
        };
        KeywordRuleDto: {
            /**
             * @description Words that count in messages of one language only (two letters), and where a message's language is not clear.
             * @example {
             *       "de": [
             *         "dringend",
             *         "Anwalt"
             *       ],
             *       "fr": [
             *         "avocat"
             *       ]
             *     }
             */
            by_language?: {
                [key: string]: string[];
            };
            /** @example true */
            enabled?: boolean;
            /**
             * @description Words or phrases that count in every language, up to 500 of up to 100 characters. Whole words: `urgent` is not in `insurgent`; case and accents do not
             *     matter; `refund*` also stands for `refunds` and `refunding`. Nothing else is a pattern. Left out with `by_language`: the words of the installation.
             * @example [
             *       "urgent",
             *       "refund*",
             *       "legal action"
             *     ]
             */
            words?: string[];
            /**
             * @description Phrases in which a word does not count. Left out: `not urgent`, `user agent` and others.
             * @example [
             *       "not urgent",
             *       "travel agent"
             *     ]
             */
            except?: string[];
        };
        StreakRuleDto: {
            /**
             * @description Replies in a row, 2–20.
             * @example 3
             */
            turns: number;
            /**
             * @description 0–1: each of them less sure than this.
             * @example 0.7
             */
            below: number;
        };
        SentimentRuleDto: {
            /** @example true */
            enabled?: boolean;
            /**
             * @description -1 (as bad as it gets) to 0: a message at or below it counts. -0.6 unless you say otherwise.
             * @example -0.6
             */
            threshold?: number;
        };
        OpenHoursDto: {
            /**
             * @description 1 is Monday, 7 is Sunday.
             * @example 1
             */
            day: number;
            /**
             * @description `HH:MM` by the clock of the place.
             * @example 09:00
             */
            from: string;
            /**
             * @description `HH:MM`, up to 24:00. Not after `from`: it ends on the next day.
             * @example 17:00
             */
            to: string;
        };
        BusinessHoursDto: {
            /**
             * @description A name of the IANA database.
             * @example Europe/Berlin
             */
            time_zone: string;
            /** @description Up to 50 stretches of time. Empty: never. */
            weekly: components["schemas"]["OpenHoursDto"][];
            /**
             * @description Days on which nobody is there, up to 400.
             * @example [
             *       "2026-12-25"
             *     ]
             */
            holidays?: string[];
        };
        CustomerTextDto: {
            /**
             * @description The same in other languages (two letters).
             * @example {
             *       "de": "Eine Kollegin übernimmt. Bitte bleiben Sie dran."
             *     }
             */
            by_language?: {
                [key: string]: string;
            };
            /**
             * @description Up to 1,000 characters.
             * @example A colleague takes over. Please stay with us.
             */
            text: string;
        };
        CustomerTextsDto: {
            /** @description When a person is to take over. */
            hand_off?: components["schemas"]["CustomerTextDto"] | null;
            /** @description When the AI goes on. */
            return?: components["schemas"]["CustomerTextDto"] | null;
            /** @description Instead of `hand_off` when nobody is there. */
            outside_hours?: components["schemas"]["CustomerTextDto"] | null;
            /** @description When the matter is settled. */
            ended?: components["schemas"]["CustomerTextDto"] | null;
        };
        SaveRulesDto: {
            /**
             * @description False: nothing is handed over, also where the installation's defaults would. True unless you say otherwise.
             * @example true
             */
            is_enabled?: boolean;
            /** @description What a customer says. All words together have up to 50,000 characters. */
            keywords?: components["schemas"]["KeywordRuleDto"];
            /**
             * @description 0–1: a reply of which the model is less sure brings a person in. 0.5 unless you say otherwise; null: never.
             * @example 0.5
             */
            confidence_below?: number | null;
            /**
             * @description A turn that failed brings a person in. True unless you say otherwise.
             * @example true
             */
            technical_errors?: boolean;
            /**
             * @description The model may ask for a person. True unless you say otherwise.
             * @example true
             */
            model_decides?: boolean;
            /**
             * @description A customer who asks for a person in plain words gets one. True unless you say otherwise.
             * @example true
             */
            human_request?: boolean;
            /** @description Several unsure replies in a row bring a person in; null, or left out: they do not. */
            low_confidence_streak?: components["schemas"]["StreakRuleDto"] | null;
            /** @description A message that sounds badly enough brings a person in; null, or left out: it does not. */
            sentiment?: components["schemas"]["SentimentRuleDto"] | null;
            /**
             * @description People answer from the first message on. False unless you say otherwise.
             * @example false
             */
            human_first?: boolean;
            /** @description When people are there; null, or left out: always. */
            business_hours?: components["schemas"]["BusinessHoursDto"] | null;
            /**
             * @description When nobody is there, conversations wait for people (the default), or the AI goes on alone and nothing is handed over.
             * @example queue
             * @enum {string}
             */
            outside_hours?: "ai_only" | "queue";
            /**
             * @description Only people with this skill are given the conversation, up to 60 characters; null, or left out: anybody.
             * @example billing
             */
            skill?: string | null;
            /**
             * @description 0–3, and 3 comes first. 0 unless you say otherwise.
             * @example 0
             */
            priority?: number;
            /**
             * @description Until somebody takes it, the AI goes on answering (the default), or is silent.
             * @example ai_answers
             * @enum {string}
             */
            while_waiting?: "ai_answers" | "silent";
            /** @description What the customer is told. */
            texts?: components["schemas"]["CustomerTextsDto"];
            /**
             * @description Seconds until a person's first words are due, up to a week; null, or left out: no promise.
             * @example 300
             */
            first_reply_within_s?: number | null;
            /**
             * @description The customer is asked how it was. False unless you say otherwise.
             * @example true
             */
            csat?: boolean;
        };
        RuleSetDto: {
            /** @description What a customer says. All words together have up to 50,000 characters. */
            keywords?: components["schemas"]["KeywordRuleDto"];
            /**
             * @description 0–1: a reply of which the model is less sure brings a person in. 0.5 unless you say otherwise; null: never.
             * @example 0.5
             */
            confidence_below?: number | null;
            /**
             * @description A turn that failed brings a person in. True unless you say otherwise.
             * @example true
             */
            technical_errors?: boolean;
            /**
             * @description The model may ask for a person. True unless you say otherwise.
             * @example true
             */
            model_decides?: boolean;
            /**
             * @description A customer who asks for a person in plain words gets one. True unless you say otherwise.
             * @example true
             */
            human_request?: boolean;
            /** @description Several unsure replies in a row bring a person in; null, or left out: they do not. */
            low_confidence_streak?: components["schemas"]["StreakRuleDto"] | null;
            /** @description A message that sounds badly enough brings a person in; null, or left out: it does not. */
            sentiment?: components["schemas"]["SentimentRuleDto"] | null;
            /**
             * @description People answer from the first message on. False unless you say otherwise.
             * @example false
             */
            human_first?: boolean;
            /** @description When people are there; null, or left out: always. */
            business_hours?: components["schemas"]["BusinessHoursDto"] | null;
            /**
             * @description When nobody is there, conversations wait for people (the default), or the AI goes on alone and nothing is handed over.
             * @example queue
             * @enum {string}
             */
            outside_hours?: "ai_only" | "queue";
            /**
             * @description Only people with this skill are given the conversation, up to 60 characters; null, or left out: anybody.
             * @example billing
             */
            skill?: string | null;
            /**
             * @description 0–3, and 3 comes first. 0 unless you say otherwise.
             * @example 0
             */
            priority?: number;
            /**
             * @description Until somebody takes it, the AI goes on answering (the default), or is silent.
             * @example ai_answers
             * @enum {string}
             */
            while_waiting?: "ai_answers" | "silent";
            /** @description What the customer is told. */
            texts?: components["schemas"]["CustomerTextsDto"];
            /**
             * @description Seconds until a person's first words are due, up to a week; null, or left out: no promise.
             * @example 300
             */
            first_reply_within_s?: number | null;
            /**
             * @description The customer is asked how it was. False unless you say otherwise.
             * @example true
             */
            csat?: boolean;
        };
        BacktestDto: {
            /**
             * @description A workspace that you own; your personal one when left out.
             * @example 1
             */
            workspace_id?: number | null;
            /**
             * @description Only conversations with this persona of the workspace.
             * @example 1
             */
            persona_id?: number | null;
            /** @description The rules to try, for all conversations alike; what is left out of them gets its default. Without any: those that count now, for each conversation its own. */
            rules?: components["schemas"]["RuleSetDto"] | null;
            /**
             * @description Messages from this instant on, ISO 8601 with a time zone.
             * @example 2026-11-01T00:00:00Z
             */
            from?: string | null;
            /**
             * @description Messages before this instant.
             * @example 2026-12-01T00:00:00Z
             */
            to?: string | null;
            /**
             * @description Messages to look at, 1–200,000; 100,000 when left out.
             * @example 100000
             */
            max_messages?: number | null;
            /**
             * @description Hits per page, 1–200; 50 when left out.
             * @example 50
             */
            limit?: number | null;
            /** @description `next_cursor` of the page before, with everything else as it was there. */
            cursor?: string | null;
        };
        TriggerCountResponse: {
            /**
             * @example keyword
             * @enum {string}
             */
            kind: "human_first" | "human_request" | "keyword" | "low_confidence" | "low_confidence_streak" | "model_decision" | "sentiment" | "technical_error";
            /**
             * @description Messages at which it fires.
             * @example 12
             */
            messages: number;
        };
        BacktestTriggerResponse: {
            /**
             * @example keyword
             * @enum {string}
             */
            kind: "human_first" | "human_request" | "keyword" | "low_confidence" | "low_confidence_streak" | "model_decision" | "sentiment" | "technical_error";
            /**
             * @description What made it fire, up to 300 characters; it may quote the customer.
             * @example refund: I want a refund for my order, please.
             */
            evidence: string;
        };
        BacktestHitResponse: {
            /** @example 7 */
            conversation_id: number;
            /** @example 1 */
            persona_id: number;
            /** @example 12 */
            turn_id: number;
            /**
             * @description The customer's message.
             * @example 31
             */
            message_id: number;
            /**
             * @description Its place in the conversation.
             * @example 3
             */
            seq: number;
            /**
             * @description When it was sent.
             * @example 2026-11-21T12:00:00.000Z
             */
            at: string;
            /**
             * @description The conversation would have been handed over here; later hits only add reasons.
             * @example true
             */
            is_first: boolean;
            /** @description Why people did take over at this message; null: they did not. */
            escalated_because: string | null;
            triggers: components["schemas"]["BacktestTriggerResponse"][];
        };
        BacktestResponse: {
            /**
             * @description Messages of customers that were looked at.
             * @example 1200
             */
            messages: number;
            /** @example 300 */
            conversations: number;
            /**
             * @description Conversations that would have been handed over.
             * @example 18
             */
            escalated_conversations: number;
            /**
             * @description Messages that are encrypted and cannot be read; only their answers were looked at.
             * @example 0
             */
            unreadable_messages: number;
            triggers: components["schemas"]["TriggerCountResponse"][];
            hits: components["schemas"]["BacktestHitResponse"][];
            /**
             * @description Everything was looked at, up to the last message.
             * @example true
             */
            is_complete: boolean;
            /**
             * @description More hits, or messages that were not looked at, come with `next_cursor`.
             * @example false
             */
            has_more: boolean;
            next_cursor: string | null;
        };
        AgentResponse: {
            /** @example 1 */
            workspace_id: number;
            /** @example 2 */
            user_id: number;
            /** @example true */
            is_available: boolean;
            /** @example 5 */
            capacity: number;
            /**
             * @example [
             *       "billing"
             *     ]
             */
            skills: string[];
            /**
             * @description What they have now.
             * @example 1
             */
            load: number;
        };
        AgentListResponse: {
            agents: components["schemas"]["AgentResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        AgentDto: {
            /** @example 1 */
            workspace_id: number;
            /**
             * @description What waits is assigned only to people who are available. False for somebody new.
             * @example true
             */
            is_available?: boolean;
            /**
             * @description So many at a time are assigned by the program, 0–1,000; 5 for somebody new. Taking more by hand is allowed.
             * @example 5
             */
            capacity?: number;
            /**
             * @description What they know, at most 50 words; an escalation that asks for a skill is assigned to whoever has it.
             * @example [
             *       "billing",
             *       "german"
             *     ]
             */
            skills?: string[];
        };
        EscalationResponse: {
            /**
             * @description `open`: waits for a person; `claimed`; `resolved`; `returned` to the AI.
             * @example claimed
             * @enum {string}
             */
            status: "claimed" | "open" | "resolved" | "returned";
            /** @example 1 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example 1 */
            conversation_id: number;
            /**
             * @description Whose conversation it is: a user, or the visitor of a website.
             * @example 7
             */
            customer_id: number;
            /** @example 1 */
            persona_id: number;
            /**
             * @description The door that the conversation came through.
             * @example support
             */
            channel: string;
            /**
             * @description Who answers in the conversation now.
             * @example human
             * @enum {string}
             */
            owner: "ai" | "human";
            /**
             * @description Kind of the first trigger, such as `keyword`, or `manual`.
             * @example keyword
             */
            reason: string;
            /**
             * @description Whoever takes it is to have it; null: anybody.
             * @example billing
             */
            skill: string | null;
            /**
             * @description 0 to 3, 3 first.
             * @example 0
             */
            priority: number;
            /**
             * @example [
             *       "vip"
             *     ]
             */
            tags: string[];
            /** @example 2 */
            assigned_to: number | null;
            /**
             * @description Place of the message that it began with.
             * @example 5
             */
            since_seq: number;
            /**
             * @description Last message when a person took over: no later one is a model's until it ends.
             * @example 7
             */
            claimed_seq: number | null;
            /**
             * @description Place of the newest message.
             * @example 9
             */
            last_seq: number;
            /**
             * @description What it is about, by a model; null: not written yet.
             * @example The parcel has not arrived, and the customer wants the money back.
             */
            summary: string | null;
            /**
             * @description What a model would answer; a person decides.
             * @example I am sorry about the delay. I have asked the warehouse.
             */
            suggested_reply: string | null;
            /**
             * @description Up to where these two have read.
             * @example 7
             */
            draft_through_seq: number | null;
            /**
             * Format: date-time
             * @description Until then a person's first words were promised, in business hours; null: no promise.
             * @example 2026-11-21T12:10:00.000Z
             */
            due_at: string | null;
            /**
             * Format: date-time
             * @description When it was noticed that there were none; null: in time.
             */
            overdue_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:06:00.000Z
             */
            claimed_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:06:30.000Z
             */
            first_reply_at: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /**
             * @description What the customer thought of it, 1 to 5.
             * @example 5
             */
            csat_rating: number | null;
            /** @example Quick and friendly. */
            csat_comment: string | null;
        };
        EscalationListResponse: {
            escalations: components["schemas"]["EscalationResponse"][];
            /** @example false */
            has_more: boolean;
            /** @description Pass it as `cursor` for the next page. */
            next_cursor: string | null;
        };
        StartEscalationDto: {
            /**
             * @description Your own conversation; or as somebody of the team, one with a visitor.
             * @example 1
             */
            conversation_id: number;
            /**
             * @description Why, for the team; up to 300 characters.
             * @example I would like to talk to somebody.
             */
            reason?: string | null;
        };
        TriggerResponse: {
            /**
             * @description Such as `keyword`, `low_confidence`, `technical_error`, `human_request`, `model_decision`, `manual`.
             * @example keyword
             */
            kind: string;
            /**
             * @description What made it fire.
             * @example refund
             */
            evidence: string;
            /** @example 5 */
            message_seq: number | null;
            /** @example 3 */
            turn_id: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
        };
        HistoryEntryResponse: {
            /**
             * @description `assigned`: somebody is to take it, or (without a `target_id`) it waits in the queue again, also when whoever had it is not of the team any more.
             *     `transferred`: whoever had taken it has handed it on.
             * @example claimed
             * @enum {string}
             */
            kind: "assigned" | "claimed" | "created" | "noted" | "overdue" | "rated" | "replied" | "resolved" | "returned" | "tagged" | "transferred";
            /** @example 1 */
            id: number;
            /**
             * @description Who did it; null: the customer, the program, or (`replied`) somebody who wrote from another program, such as the app on their phone.
             * @example 2
             */
            actor_id: number | null;
            /** @description To whom it went; null: to nobody, or back to the queue. Of `overdue`: who had it, or was to take it, when its time ran out. */
            target_id: number | null;
            note: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:06:00.000Z
             */
            created_at: string;
        };
        EscalationDetailResponse: {
            /**
             * @description `open`: waits for a person; `claimed`; `resolved`; `returned` to the AI.
             * @example claimed
             * @enum {string}
             */
            status: "claimed" | "open" | "resolved" | "returned";
            /** @example 1 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example 1 */
            conversation_id: number;
            /**
             * @description Whose conversation it is: a user, or the visitor of a website.
             * @example 7
             */
            customer_id: number;
            /** @example 1 */
            persona_id: number;
            /**
             * @description The door that the conversation came through.
             * @example support
             */
            channel: string;
            /**
             * @description Who answers in the conversation now.
             * @example human
             * @enum {string}
             */
            owner: "ai" | "human";
            /**
             * @description Kind of the first trigger, such as `keyword`, or `manual`.
             * @example keyword
             */
            reason: string;
            /**
             * @description Whoever takes it is to have it; null: anybody.
             * @example billing
             */
            skill: string | null;
            /**
             * @description 0 to 3, 3 first.
             * @example 0
             */
            priority: number;
            /**
             * @example [
             *       "vip"
             *     ]
             */
            tags: string[];
            /** @example 2 */
            assigned_to: number | null;
            /**
             * @description Place of the message that it began with.
             * @example 5
             */
            since_seq: number;
            /**
             * @description Last message when a person took over: no later one is a model's until it ends.
             * @example 7
             */
            claimed_seq: number | null;
            /**
             * @description Place of the newest message.
             * @example 9
             */
            last_seq: number;
            /**
             * @description What it is about, by a model; null: not written yet.
             * @example The parcel has not arrived, and the customer wants the money back.
             */
            summary: string | null;
            /**
             * @description What a model would answer; a person decides.
             * @example I am sorry about the delay. I have asked the warehouse.
             */
            suggested_reply: string | null;
            /**
             * @description Up to where these two have read.
             * @example 7
             */
            draft_through_seq: number | null;
            /**
             * Format: date-time
             * @description Until then a person's first words were promised, in business hours; null: no promise.
             * @example 2026-11-21T12:10:00.000Z
             */
            due_at: string | null;
            /**
             * Format: date-time
             * @description When it was noticed that there were none; null: in time.
             */
            overdue_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:05:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:06:00.000Z
             */
            claimed_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:06:30.000Z
             */
            first_reply_at: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /**
             * @description What the customer thought of it, 1 to 5.
             * @example 5
             */
            csat_rating: number | null;
            /** @example Quick and friendly. */
            csat_comment: string | null;
            /** @description Oldest first. */
            triggers: components["schemas"]["TriggerResponse"][];
            /** @description Oldest first. */
            history: components["schemas"]["HistoryEntryResponse"][];
        };
        AssignDto: {
            /**
             * @description Who is to take it: an owner or an agent of the workspace. Null: whoever comes first.
             * @example 2
             */
            user_id?: number | null;
        };
        TransferDto: {
            /**
             * @description Who is to take it: an owner or an agent of the workspace. Null: whoever comes first.
             * @example 2
             */
            user_id?: number | null;
            /**
             * @description Whoever gets it is to have this skill; without it, the one it had.
             * @example billing
             */
            skill?: string | null;
            /**
             * @description For whoever gets it, up to 4,000 characters.
             * @example Wants an invoice for last year.
             */
            note?: string | null;
        };
        AgentReplyDto: {
            /**
             * @description What the customer reads, 1–32,000 characters.
             * @example Good morning, I am Dana. Let me look at your order.
             */
            content: string;
        };
        AgentReplyResponse: {
            /** @example 12 */
            message_id: number;
            /**
             * @description Place in the conversation.
             * @example 8
             */
            seq: number;
        };
        NoteDto: {
            /**
             * @description For the team only, 1–4,000 characters.
             * @example Called the warehouse: the parcel is on its way.
             */
            content: string;
        };
        TagsDto: {
            /**
             * @description All tags that it is to have, at most 20.
             * @example [
             *       "vip",
             *       "delivery"
             *     ]
             */
            tags: string[];
        };
        EndEscalationDto: {
            /**
             * @description For the team, up to 4,000 characters.
             * @example Refunded.
             */
            note?: string | null;
        };
        RatingResponse: {
            /** @example true */
            asked: boolean;
            /** @example 5 */
            rating: number | null;
            /** @example Quick and friendly. */
            comment: string | null;
        };
        RatingDto: {
            /**
             * @description 1 (poor) to 5 (very good).
             * @example 5
             */
            rating: number;
            /**
             * @description Up to 2,000 characters.
             * @example Quick and friendly.
             */
            comment?: string | null;
        };
        CreateWebhookDto: {
            /**
             * @description What it is told.
             * @example [
             *       "escalation.created",
             *       "escalation.claimed",
             *       "escalation.resolved"
             *     ]
             */
            events: ("escalation.claimed" | "escalation.created" | "escalation.overdue" | "escalation.rated" | "escalation.resolved" | "escalation.returned")[];
            /**
             * @description You must own it.
             * @example 1
             */
            workspace_id: number;
            /**
             * @description An https address on the public internet; up to 2,000 characters.
             * @example https://example.com/hooks/parley
             */
            url: string;
        };
        CreatedWebhookResponse: {
            /**
             * @description Signs what is sent, as standardwebhooks.com says.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
            /** @example 1 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example https://example.com/hooks/parley */
            url: string;
            /**
             * @example [
             *       "escalation.created"
             *     ]
             */
            events: string[];
            /** @example true */
            is_enabled: boolean;
            /** @description Why the program has switched it off. */
            disabled_reason: string | null;
            /** @description Since then nothing has arrived; after 5 days of that it is switched off. Null: the last one did, or there was none. */
            failing_since: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
        };
        WebhookResponse: {
            /** @example 1 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example https://example.com/hooks/parley */
            url: string;
            /**
             * @example [
             *       "escalation.created"
             *     ]
             */
            events: string[];
            /** @example true */
            is_enabled: boolean;
            /** @description Why the program has switched it off. */
            disabled_reason: string | null;
            /** @description Since then nothing has arrived; after 5 days of that it is switched off. Null: the last one did, or there was none. */
            failing_since: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
        };
        WebhookListResponse: {
            webhooks: components["schemas"]["WebhookResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        ChangeWebhookDto: {
            /**
             * @example [
             *       "escalation.created"
             *     ]
             */
            events?: ("escalation.claimed" | "escalation.created" | "escalation.overdue" | "escalation.rated" | "escalation.resolved" | "escalation.returned")[];
            /** @example https://example.com/hooks/parley */
            url?: string;
            /**
             * @description False: it is told nothing until it is true again; what was not sent by then is not sent later.
             * @example true
             */
            is_enabled?: boolean;
        };
        WebhookSecretResponse: {
            /** @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw */
            secret: string;
        };
        WebhookDeliveryResponse: {
            /** @example 1 */
            id: number;
            /**
             * @description `webhook-id` of every attempt.
             * @example msg_0b8c1a52-4d0e-4c8e-9a55-3c3a9c0f7e11
             */
            message_id: string;
            /** @example escalation.created */
            type: string;
            /**
             * @description `pending`: is, or will be, sent; `delivered`; `dead`: given up.
             * @example delivered
             * @enum {string}
             */
            status: "dead" | "delivered" | "pending";
            /** @example 1 */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is sent next, while it is pending.
             */
            next_attempt_at: string | null;
            /** @description Status of the last answer that was no success. */
            last_status: number | null;
            last_error: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:01.000Z
             */
            delivered_at: string | null;
        };
        WebhookDeliveryListResponse: {
            /** @description Newest first. */
            deliveries: components["schemas"]["WebhookDeliveryResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        BeginSupportSessionDto: {
            /**
             * @description What your site wants to keep with the session, encrypted: a JSON object of at most 16 KiB and 6 levels.
             * @example {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /**
             * @description What your site calls the visitor, up to 255 characters. Without `userHash` or `userToken` it proves nothing and is only kept with the session.
             * @example user123
             */
            userId?: string;
            /**
             * @description HMAC-SHA256 of `user:` and the `userId` (such as `user:user123`) with the identity secret of the support chat, as 64 hexadecimal digits: your server vouches
             *     for this visitor.
             * @example 6b1f0c4f5bd28dc0f2ba1bc37f9a1d4b7f9c6a6c0f3a2e1d0c9b8a7f6e5d4c3b
             */
            userHash?: string;
            /**
             * @description Instead of `userHash`: a JSON Web Token (HS256) of your server, signed with the identity secret. `sub` is the visitor, `exp` at most 24 hours away;
             *     `name` and `email` are kept in the metadata, and told to the persona.
             */
            userToken?: string;
            /**
             * @description Which support chat you mean, if not in the header `X-Parley-Key`.
             * @example pk_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA
             */
            publicKey?: string;
        };
        SupportSessionResponse: {
            /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
            sessionId: string;
            /**
             * @description What your site calls the visitor; null when it said nothing.
             * @example user123
             */
            userId: string | null;
            /**
             * @description Whether your site has vouched for `userId`.
             * @example false
             */
            isIdentified: boolean;
            /** @example 2026-11-21T12:00:00.000Z */
            createdAt: string;
            /**
             * @description The session ends then unless something is said before.
             * @example 2026-11-21T12:30:00.000Z
             */
            expiresAt: string;
        };
        SupportReplyResponse: {
            /**
             * @description `completed`; `truncated`: cut at the longest allowed answer; `fallback`: no model could answer; `cancelled`: stopped half-way; `handed_off`: a person
             *     of the team answers, in the history.
             * @example completed
             * @enum {string}
             */
            status: "cancelled" | "completed" | "fallback" | "handed_off" | "truncated";
            /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
            sessionId: string;
            /**
             * @description What the AI says; when no model could answer, a text that says so. When people were asked to take over, a blank line and what the visitor is told
             *     of that come after it, which is a message of its own in the history. Empty when the answer was stopped before it had a word.
             * @example I am sorry to hear that. What is your order number?
             */
            message: string;
            /**
             * @description Number of the answer's message; null when there is none.
             * @example 2
             */
            messageId: number | null;
            /**
             * @description How sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
             * @example 0.9
             */
            confidence: number | null;
            /**
             * @description Whether people of the team were asked to take over when this message was answered. True once for each escalation: while they are asked, or have the
             *     conversation, later messages do not ask them again.
             * @example false
             */
            escalated: boolean;
            /** @description Why they were; null when they were not. */
            escalationReason: string | null;
            /**
             * @description Number of the turn: the visitor's message and what became of it.
             * @example 1
             */
            turnId: number;
            /**
             * @description Place of the answer in the conversation; null when there is none.
             * @example 2
             */
            seq: number | null;
        };
        SupportMessageDto: {
            /**
             * @description The session's id.
             * @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA
             */
            sessionId: string;
            /**
             * @description What the visitor says, 1–32,000 characters.
             * @example Hello, I need help with my order
             */
            message: string;
            /**
             * @description What your site calls the visitor. It changes nothing: the session says who it is.
             * @example user123
             */
            userId?: string;
        };
        SupportPendingResponse: {
            /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
            sessionId: string;
            /** @example 1 */
            turnId: number;
            /**
             * @description Place of the visitor's message: `GET …/history/{sessionId}?afterSeq=` with it finds the answer.
             * @example 1
             */
            seq: number;
            /**
             * @example pending
             * @enum {string}
             */
            status: "pending";
        };
        SupportHistoryMessageResponse: {
            /**
             * @description `user`: the visitor; `assistant`: the AI; `agent`: a person of the team; `system`: a notice.
             * @example assistant
             * @enum {string}
             */
            role: "agent" | "assistant" | "system" | "user";
            /** @example What is your order number? */
            content: string;
            /** @example 2026-11-21T12:00:01.000Z */
            timestamp: string;
            /** @example 2 */
            messageId: number;
            /**
             * @description Place in the conversation: 1, 2, 3 … A number that is missing is a message that was deleted.
             * @example 2
             */
            seq: number;
            /**
             * @example completed
             * @enum {string}
             */
            status: "cancelled" | "completed" | "fallback" | "sent" | "truncated";
        };
        SupportHistoryResponse: {
            /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
            sessionId: string;
            messages: components["schemas"]["SupportHistoryMessageResponse"][];
            /**
             * @description There are more in the direction that was asked for.
             * @example false
             */
            hasMore: boolean;
        };
        SupportSessionEndResponse: {
            /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
            sessionId: string;
            /**
             * @example ended
             * @enum {string}
             */
            status: "active" | "ended";
            /**
             * @description `timeout`: nothing was said for too long.
             * @example ended
             * @enum {string|null}
             */
            endReason: "ended" | "erased" | "timeout" | null;
            /** @example 2026-11-21T12:10:00.000Z */
            endedAt: string | null;
        };
        SupportDoorResponse: {
            /** @example 1 */
            workspace_id: number;
            /**
             * @description What your website says in `X-Parley-Key`. It is no secret.
             * @example pk_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA
             */
            public_key: string;
            /** @example 1 */
            persona_id: number;
            /** @example true */
            is_enabled: boolean;
            /**
             * @description False while its persona is deleted or private: then nobody answers, and the chat is closed.
             * @example true
             */
            is_answered: boolean;
            /**
             * @example [
             *       "https://shop.example.com"
             *     ]
             */
            allowed_origins: string[];
            /** @example false */
            requires_identity: boolean;
            /**
             * @description Whether an identity secret was made.
             * @example false
             */
            has_identity_secret: boolean;
            sessions_per_minute: number | null;
            messages_per_minute: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
        };
        SupportDoorDto: {
            /**
             * @description Who answers: a persona of this workspace that is shared in it.
             * @example 1
             */
            persona_id: number;
            /**
             * @description False: nothing can be said until it is true again; within seconds, in all processes. True unless you say otherwise.
             * @example true
             */
            is_enabled?: boolean;
            /**
             * @description Websites whose pages may use the support chat, up to 50. `https://*.example.com` stands for all hosts below it. Empty: pages of this installation only.
             * @example [
             *       "https://shop.example.com"
             *     ]
             */
            allowed_origins?: string[];
            /**
             * @description True: only visitors whom your server vouches for. It needs an identity secret.
             * @example false
             */
            requires_identity?: boolean;
            /**
             * @description New sessions of one network per minute; null: what the installation allows, which is never exceeded.
             * @example 20
             */
            sessions_per_minute?: number | null;
            /**
             * @description Messages of one session per minute; null: what the installation allows, which is never exceeded.
             * @example 20
             */
            messages_per_minute?: number | null;
        };
        IdentitySecretResponse: {
            /**
             * @description What your server signs with. Never put it into a page.
             * @example is_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
             */
            identity_secret: string;
        };
        SupportServicesResponse: {
            /**
             * @example up
             * @enum {string}
             */
            database: "down" | "up";
            /**
             * @example up
             * @enum {string}
             */
            queue: "down" | "up";
        };
        SupportLatencyResponse: {
            /**
             * @description The middle one, in milliseconds; null when nothing was answered.
             * @example 1200
             */
            p50: number | null;
            /**
             * @description 95 of 100 were faster, in milliseconds; null when nothing was answered.
             * @example 3400
             */
            p95: number | null;
            /**
             * @description How many answers that is.
             * @example 42
             */
            answers: number;
        };
        SupportMetricsResponse: {
            /**
             * @description Sessions that are not over.
             * @example 3
             */
            activeSessions: number;
            /**
             * @description Messages that wait for their answer, or are being answered.
             * @example 0
             */
            queueDepth: number;
            latencyMs: components["schemas"]["SupportLatencyResponse"];
        };
        SupportHealthResponse: {
            /**
             * @description `healthy`; `degraded` (still 200): messages are answered, but later; `unhealthy` (503): the database is down.
             * @example healthy
             * @enum {string}
             */
            status: "degraded" | "healthy" | "unhealthy";
            /** @example 2026-11-21T12:00:00.000Z */
            timestamp: string;
            /**
             * @description Seconds since this process started.
             * @example 3600
             */
            uptime: number;
            services: components["schemas"]["SupportServicesResponse"];
            /** @description Of the whole installation, at most some seconds old; null without the database. */
            metrics: components["schemas"]["SupportMetricsResponse"] | null;
        };
        ChannelTemplateDto: {
            /**
             * @description As it is called at Meta; one without variables.
             * @example we_are_back
             */
            name: string;
            /** @example en_US */
            language: string;
        };
        ChannelPromptDto: {
            /**
             * @description Id of a channel at Mattermost, or `team/channel-name`.
             * @example engineering/releases
             */
            channel: string;
            /** @description Up to 4,000 characters. */
            prompt: string;
        };
        ContextProviderDto: {
            /**
             * @description What the model sees it as: up to 40 letters, digits, spaces, `-` and `_`.
             * @example weather
             */
            name: string;
            /**
             * @description Asked with GET; `{text}`, `{user}` and `{channel}` are filled in. On the public internet only.
             * @example https://example.com/weather?q={text}
             */
            url: string;
            /**
             * @description 100–10,000 milliseconds; 3,000 unless you say otherwise.
             * @example 3000
             */
            timeout_ms?: number;
            /**
             * @description For how long a result is used again, 0–3,600 seconds; 60 unless you say otherwise.
             * @example 60
             */
            cache_seconds?: number;
            /**
             * @description Whether `credentials.context_token` goes along as `Authorization: Bearer`.
             * @example false
             */
            send_token?: boolean;
        };
        ChannelSettingsDto: {
            /**
             * @description How long a message waits for more from the same person, which are then answered together, 0–30,000 milliseconds; 0: each is answered for itself.
             * @example 1500
             */
            debounce_ms?: number;
            /**
             * @description And so long at most after the first of them, 0–120,000 milliseconds; not less than `debounce_ms`.
             * @example 10000
             */
            debounce_max_ms?: number;
            /**
             * @description A message that is one of these, whatever its case and accents, ends all sending to the person. Up to 50.
             * @example [
             *       "stop",
             *       "unsubscribe"
             *     ]
             */
            opt_out_words?: string[];
            /**
             * @description And one of these begins it again. Up to 50.
             * @example [
             *       "start"
             *     ]
             */
            opt_in_words?: string[];
            /**
             * @description What people are told once when they have opted out, up to 300 characters; null: nothing.
             * @example You will get no more messages from us. Write START if you want them again.
             */
            opt_out_text?: string | null;
            /**
             * @description Messages of one person per minute that are answered, 1–10,000; more are left unanswered, unless people have the conversation.
             * @example 20
             */
            messages_per_minute?: number;
            /** @description An approved template of the channel that is sent in the place of a text when Meta's 24 hours have passed; null: then nothing can be sent. */
            template?: components["schemas"]["ChannelTemplateDto"] | null;
            /**
             * @description What somebody of yours writes from the phone or the app stops the AI in that conversation.
             * @example true
             */
            stop_ai_on_echo?: boolean;
            /**
             * @description Only these people are answered, by their number or id in the channel, up to 1,000; empty: all. For trying out.
             * @example []
             */
            allowed_senders?: string[];
            /**
             * @description Mattermost only, as all that follows: words that a post for the bot begins with, up to 20 of up to 40 characters. Its own @name always counts, too.
             * @example [
             *       "@aibot",
             *       "ai:"
             *     ]
             */
            triggers?: string[];
            /**
             * @description Channels at Mattermost in which the bot answers, by id or `team/channel-name`, up to 200; empty: in all.
             * @example []
             */
            allowed_channels?: string[];
            /** @description System prompts of single channels at Mattermost, up to 50. */
            channel_prompts?: components["schemas"]["ChannelPromptDto"][];
            /**
             * @description How many earlier posts of the channel or thread the model gets, 0–100.
             * @example 20
             */
            context_posts?: number;
            /** @description Lookups over HTTP whose results the model gets as data, up to 5. */
            context_providers?: components["schemas"]["ContextProviderDto"][];
            /**
             * @description The Mattermost server may be on a private network, and be asked over http. Concerns that server only, never context providers.
             * @example false
             */
            allow_private_network?: boolean;
        };
        CreateChannelDto: {
            /**
             * @description Which system.
             * @example whatsapp
             * @enum {string}
             */
            type: "instagram" | "mattermost" | "whatsapp";
            /**
             * @description WhatsApp: `phone_number_id`, `access_token`, `app_secret`, `verify_token`. Instagram: `account_id` in the place of `phone_number_id`. They are encrypted
             *     and never shown again.
             * @example {
             *       "phone_number_id": "106540352242922",
             *       "access_token": "EAAG0123456789abcdefghij",
             *       "app_secret": "8f2c0e1d2b3a49586f7e8d9c0b1a2f3e",
             *       "verify_token": "a-word-that-you-choose"
             *     }
             */
            credentials: {
                [key: string]: string;
            };
            /** @description For you. */
            name: string;
            /**
             * @description Who answers there: a persona that is shared in a workspace that you own. The channel belongs to that workspace.
             * @example 1
             */
            persona_id: number;
            settings?: components["schemas"]["ChannelSettingsDto"];
            /**
             * @description False: nothing is taken in and nothing is sent until it is true. True unless you say otherwise.
             * @example true
             */
            is_enabled?: boolean;
        };
        ChannelTemplateResponse: {
            /** @example we_are_back */
            name: string;
            /** @example en_US */
            language: string;
        };
        ChannelPromptResponse: {
            /** @example engineering/releases */
            channel: string;
            prompt: string;
        };
        ContextProviderResponse: {
            /** @example weather */
            name: string;
            /** @example https://example.com/weather?q={text} */
            url: string;
            /**
             * @description Milliseconds.
             * @example 3000
             */
            timeout_ms?: number;
            /** @example 60 */
            cache_seconds?: number;
            /** @example false */
            send_token?: boolean;
        };
        ChannelSettingsResponse: {
            /**
             * @description Milliseconds.
             * @example 1500
             */
            debounce_ms: number;
            /**
             * @description Milliseconds.
             * @example 10000
             */
            debounce_max_ms: number;
            /**
             * @example [
             *       "stop"
             *     ]
             */
            opt_out_words: string[];
            /**
             * @example [
             *       "start"
             *     ]
             */
            opt_in_words: string[];
            /** @example You will get no more messages from us. Write START if you want them again. */
            opt_out_text: string | null;
            /** @example 20 */
            messages_per_minute: number;
            template: components["schemas"]["ChannelTemplateResponse"] | null;
            /** @example true */
            stop_ai_on_echo: boolean;
            /** @example [] */
            allowed_senders: string[];
            /**
             * @description Of type mattermost only, as all that follows.
             * @example [
             *       "@aibot",
             *       "ai:"
             *     ]
             */
            triggers?: string[];
            /** @example [] */
            allowed_channels?: string[];
            channel_prompts?: components["schemas"]["ChannelPromptResponse"][];
            /** @example 20 */
            context_posts?: number;
            context_providers?: components["schemas"]["ContextProviderResponse"][];
            /** @example false */
            allow_private_network?: boolean;
        };
        ChannelResponse: {
            /**
             * @example whatsapp
             * @enum {string}
             */
            type: "instagram" | "mattermost" | "whatsapp";
            /** @example 1 */
            id: number;
            /** @example 1 */
            workspace_id: number;
            /** @example 1 */
            persona_id: number;
            name: string;
            /**
             * @description Whom the other system sends for: a `phone_number_id`, an Instagram account.
             * @example 106540352242922
             */
            account_id: string;
            settings: components["schemas"]["ChannelSettingsResponse"];
            /** @example true */
            is_enabled: boolean;
            /** @description What keeps it from working, such as `CHANNEL.TOKEN_REFUSED`: then nothing is sent until the credentials are changed, or, at Mattermost, are taken again. */
            problem_code: string | null;
            /**
             * Format: date-time
             * @description Since when.
             */
            problem_at: string | null;
            /**
             * Format: date-time
             * @description When POST …/check last looked.
             * @example 2026-11-21T12:00:00.000Z
             */
            checked_at: string | null;
            /**
             * @description Where the other system sends to, on this server. Without the number at the end it is the same for all channels of the type.
             * @example /webhooks/whatsapp/1
             */
            webhook_path: string;
            /** @description Mattermost: where the slash command is sent to; null for others. */
            command_path: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            updated_at: string;
        };
        ChannelListResponse: {
            channels: components["schemas"]["ChannelResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        ChangeChannelDto: {
            /**
             * @description Those that are given take the place of the former ones, such as a new `access_token` alone; the account stays the same.
             * @example {
             *       "access_token": "EAAG0123456789abcdefghij"
             *     }
             */
            credentials?: {
                [key: string]: string;
            };
            /** @example Support on WhatsApp */
            name?: string;
            /**
             * @description Who answers in conversations that begin from now on: a persona that is shared in the channel's workspace.
             * @example 1
             */
            persona_id?: number;
            settings?: components["schemas"]["ChannelSettingsDto"];
            /** @example true */
            is_enabled?: boolean;
        };
        ChannelFindingResponse: {
            /**
             * @description What was looked at.
             * @example credentials
             */
            name: string;
            /** @example false */
            is_ok: boolean;
            /** @description What was found, and what to do about it. */
            detail: string;
        };
        ChannelCheckResponse: {
            /**
             * @description Everything that can be tried from here is in order. Whether anything arrives, the finding `webhook` tells.
             * @example true
             */
            is_working: boolean;
            findings: components["schemas"]["ChannelFindingResponse"][];
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            checked_at: string;
        };
        ChannelInboxFiguresResponse: {
            /**
             * @description Waits to be looked at.
             * @example 0
             */
            pending: number;
            /** @example 128 */
            done: number;
            /**
             * @description Nothing was to be done about it, such as a reaction.
             * @example 3
             */
            ignored: number;
            /**
             * @description Given up after several attempts; GET …/inbox?status=dead lists them.
             * @example 0
             */
            dead: number;
        };
        ChannelOutboxFiguresResponse: {
            /** @example 1 */
            pending: number;
            /**
             * @description On its way now.
             * @example 0
             */
            sending: number;
            /**
             * @description Taken by the other system, which has not told more yet.
             * @example 4
             */
            sent: number;
            /** @example 20 */
            delivered: number;
            /** @example 100 */
            read: number;
            /**
             * @description The other system has told that it did not arrive.
             * @example 0
             */
            failed: number;
            /**
             * @description Given up; GET …/outbox?status=dead lists them.
             * @example 0
             */
            dead: number;
            /**
             * @description Was not to be sent any more, such as a reply of the AI after a person has taken over.
             * @example 0
             */
            skipped: number;
        };
        ChannelTimesResponse: {
            /**
             * @description From the reply to the other system's taking it, half of all at most.
             * @example 410
             */
            sent_ms_p50: number | null;
            /**
             * @description And 95 of 100.
             * @example 1200
             */
            sent_ms_p95: number | null;
            /**
             * @description From there to the person's device.
             * @example 900
             */
            delivered_ms_p50: number | null;
            /** @example 5200 */
            delivered_ms_p95: number | null;
        };
        ChannelFiguresResponse: {
            /**
             * @description So far back; at most the newest 50,000 messages of either direction are counted.
             * @example 24
             */
            hours: number;
            inbox: components["schemas"]["ChannelInboxFiguresResponse"];
            outbox: components["schemas"]["ChannelOutboxFiguresResponse"];
            times: components["schemas"]["ChannelTimesResponse"];
            /**
             * @description People who have ever written; up to 50,000 are counted.
             * @example 57
             */
            people: number;
            /**
             * @description Of these, who want no messages any more.
             * @example 2
             */
            opted_out: number;
            /**
             * Format: date-time
             * @description When somebody last wrote.
             * @example 2026-11-21T12:00:00.000Z
             */
            last_inbound_at: string | null;
        };
        ChannelIdentityResponse: {
            /** @example 1 */
            id: number;
            /** @example 1 */
            channel_id: number;
            /**
             * @description Their id in the other system, for this account only.
             * @example US.13491208655302741918
             */
            external_id: string;
            /**
             * @description Digits; null when the other system does not tell.
             * @example 15551234567
             */
            phone: string | null;
            /**
             * @description As they call themselves there.
             * @example Dana
             */
            name: string | null;
            /** @description Who they are among the workspace's clients. */
            client_id: number | null;
            /**
             * @description The conversation that goes on; null: none does.
             * @example 12
             */
            conversation_id: number | null;
            /** @example false */
            is_opted_out: boolean;
            /** Format: date-time */
            opted_out_at: string | null;
            /**
             * Format: date-time
             * @description When they last wrote.
             * @example 2026-11-21T12:00:00.000Z
             */
            last_inbound_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
        };
        ChannelIdentityListResponse: {
            /** @description Newest first. */
            identities: components["schemas"]["ChannelIdentityResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        ChangeIdentityDto: {
            /**
             * @description True: nothing is sent to them any more, as if they had written one of the opt-out words.
             * @example true
             */
            is_opted_out?: boolean;
            /**
             * @description Who they are among the workspace's clients; null: nobody.
             * @example 7
             */
            client_id?: number | null;
        };
        IncomingItemResponse: {
            /** @example 1 */
            id: number;
            /**
             * @description `status`: what became of a message that was sent; `echo`: somebody of the business has written from another program; `moved`: a person has a new number.
             * @example message
             * @enum {string}
             */
            kind: "echo" | "message" | "moved" | "status";
            /**
             * @description `pending`: it waits; `ignored`: there is nothing to be done about it; `dead`: given up.
             * @enum {string}
             */
            status: "dead" | "done" | "ignored" | "pending";
            /** @description Why it waits, was ignored or given up, such as `rate_limited`. */
            reason: string | null;
            /** @example 1 */
            attempts: number;
            /**
             * @description Its id in the other system.
             * @example wamid.HBgLMTU1NTEyMzQ1NjcVAgASGBQzQTdBNjI0QTYxRjM2QzQ5RjE4RgA=
             */
            external_id: string;
            /** @example 12 */
            conversation_id: number | null;
            /** @example 40 */
            message_id: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            received_at: string;
            /**
             * Format: date-time
             * @description When it is tried next; null when it is not.
             */
            next_attempt_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            finished_at: string | null;
        };
        IncomingItemListResponse: {
            /** @description Newest first. */
            items: components["schemas"]["IncomingItemResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
        OutgoingMessageResponse: {
            /** @example 1 */
            id: number;
            /** @example 12 */
            conversation_id: number;
            /**
             * @description Of the person.
             * @example 3
             */
            identity_id: number;
            /**
             * @description What was said; null when the channel itself said it.
             * @example 40
             */
            message_id: number | null;
            /**
             * @description Which part of it, from 0.
             * @example 0
             */
            part: number;
            /**
             * @description `assistant`: a model; `agent`: somebody of the team; `system`: a notice.
             * @enum {string}
             */
            author: "agent" | "assistant" | "system";
            /**
             * @description `template`: the window for free text was closed, and the channel's template took its place.
             * @enum {string}
             */
            kind: "template" | "text";
            /**
             * @description `failed`: the other system says so after it had taken it; `dead`: given up; `skipped`: it was not to be sent any more.
             * @enum {string}
             */
            status: "dead" | "delivered" | "failed" | "pending" | "read" | "sending" | "sent" | "skipped";
            /** @description Why it was not sent, or not yet, such as `window-closed`. */
            reason: string | null;
            /** @example 1 */
            attempts: number;
            /**
             * Format: date-time
             * @description When it is tried next; null when it is not.
             */
            next_attempt_at: string | null;
            /**
             * @description Its id in the other system.
             * @example wamid.HBgLMTU1NTEyMzQ1NjcVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA
             */
            external_id: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:00.200Z
             */
            sent_at: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T12:00:01.000Z
             */
            delivered_at: string | null;
            /** Format: date-time */
            read_at: string | null;
        };
        OutgoingMessageListResponse: {
            /** @description Newest first. */
            messages: components["schemas"]["OutgoingMessageResponse"][];
            /** @example false */
            has_more: boolean;
            next_cursor: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Health_overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
        };
    };
    Health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeResponse"];
                };
            };
        };
    };
    Health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeResponse"];
                };
            };
        };
    };
    Auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredResponse"];
                };
            };
        };
    };
    Auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
        };
    };
    Auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
        };
    };
    Auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You are logged out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
        };
    };
    Workspaces_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceListResponse"];
                };
            };
        };
    };
    Workspaces_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceDetailResponse"];
                };
            };
        };
    };
    Workspaces_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWorkspaceDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceDetailResponse"];
                };
            };
        };
    };
    Personas_list: {
        parameters: {
            query?: {
                /** @description Only personas with this relationship. */
                relationship_type?: "parent" | "spouse" | "child" | "sibling" | "friend" | "colleague" | "other";
                /** @description Part of the name, in any case; up to 100 characters. */
                q?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaListResponse"];
                };
            };
        };
    };
    Personas_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePersonaDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    Personas_generate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GeneratePersonaDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedPersonaResponse"];
                };
            };
        };
    };
    Personas_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    Personas_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePersonaDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    Personas_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Personas_patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePersonaDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    PersonaVersions_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaVersionListResponse"];
                };
            };
        };
    };
    PersonaVersions_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePersonaVersionDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaVersionResponse"];
                };
            };
        };
    };
    PersonaVersions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaVersionResponse"];
                };
            };
        };
    };
    PersonaVersions_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    PersonaVersions_publish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PublishVersionDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    PersonaVersions_rollBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaResponse"];
                };
            };
        };
    };
    Experiments_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentListResponse"];
                };
            };
        };
    };
    Experiments_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartExperimentDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentResponse"];
                };
            };
        };
    };
    Experiments_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                experiment_id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StopExperimentDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentResponse"];
                };
            };
        };
    };
    Conversations_list: {
        parameters: {
            query?: {
                /** @description Only conversations with this persona. */
                persona_id?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationListResponse"];
                };
            };
        };
    };
    Conversations_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConversationDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationResponse"];
                };
            };
        };
    };
    Conversations_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationResponse"];
                };
            };
        };
    };
    Conversations_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateConversationDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationResponse"];
                };
            };
        };
    };
    Conversations_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Summaries_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SummaryAnswerResponse"];
                };
            };
        };
    };
    Messages_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: do not wait for the reply. */
                Prefer?: string;
            };
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessageDto"];
            };
        };
        responses: {
            /** @description Both messages, or with `Accept: text/event-stream` the events of the turn (see GET /chat/turns/{turn_id}/events). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendMessageResponse"];
                };
            };
            /** @description Stored; the reply comes later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    Messages_list: {
        parameters: {
            query?: {
                /** @description Only messages before this seq: the page before. Not together with `after_seq`. */
                before_seq?: number;
                /** @description Only messages after this seq: what is new. Not together with `before_seq`. */
                after_seq?: number;
                /** @description Only what is part of the conversation as it is told now: without replaced branches and replies that were regenerated. */
                current?: boolean;
                /** @description True: also tell what the model is told and people are not, in `system_notes`. */
                debug?: boolean;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageListResponse"];
                };
            };
        };
    };
    MessageActions_edit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: do not wait for the reply. */
                Prefer?: string;
            };
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditMessageDto"];
            };
        };
        responses: {
            /** @description Both messages, or with `Accept: text/event-stream` the events of the turn (see GET /chat/turns/{turn_id}/events). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendMessageResponse"];
                };
            };
            /** @description Stored; the reply comes later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    Messages_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    MessageActions_regenerate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: do not wait for the reply. */
                Prefer?: string;
            };
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both messages, or with `Accept: text/event-stream` the events of the turn (see GET /chat/turns/{turn_id}/events). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendMessageResponse"];
                };
            };
            /** @description Stored; the reply comes later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    MessageActions_siblings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiblingsResponse"];
                };
            };
        };
    };
    MessageActions_rate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedbackDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackResponse"];
                };
            };
        };
    };
    MessageActions_takeRatingBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is none any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Turns_turn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                turn_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    Turns_events: {
        parameters: {
            query?: {
                /** @description Number of the last event that you have; only later ones follow. The header `Last-Event-ID`, which browsers send by themselves, wins over it. */
                after?: number;
            };
            header?: {
                /** @description Id of the last event that you have. */
                "Last-Event-ID"?: string;
            };
            path: {
                turn_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends with the turn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Turns_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                turn_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    Turns_openTurns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenTurnsResponse"];
                };
            };
        };
    };
    Uploads_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/png": string;
                "image/jpeg": string;
                "image/webp": string;
                "image/gif": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadResponse"];
                };
            };
        };
    };
    Uploads_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                    "image/gif": string;
                };
            };
        };
    };
    Uploads_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Clients_list: {
        parameters: {
            query?: {
                /** @description Only those of one workspace. */
                workspace_id?: number;
                /** @description The whole address, in any case. */
                email?: string;
                /** @description Exactly this one. */
                external_id?: string;
                /**
                 * @description Part of the name or of the e-mail address, in any case; 1 to 100 characters. For one page, 10,000 clients of each workspace are looked through: it may
                 *     have fewer than `limit`, even none, although `has_more` is true.
                 */
                q?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientListResponse"];
                };
            };
        };
    };
    Clients_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateClientDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientResponse"];
                };
            };
        };
    };
    Clients_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientResponse"];
                };
            };
        };
    };
    Clients_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Clients_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateClientDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientResponse"];
                };
            };
        };
    };
    CoachingSessions_list: {
        parameters: {
            query?: {
                /** @description Only sessions of this client. */
                client_id?: number;
                /** @description Only sessions with this persona. */
                persona_id?: number;
                /** @description Only those that go on, or only those that have ended. */
                status?: "active" | "ended";
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionListResponse"];
                };
            };
        };
    };
    CoachingSessions_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartSessionDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
        };
    };
    CoachingSessions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
        };
    };
    CoachingSessions_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    CoachingSessions_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSessionDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
        };
    };
    CoachingSessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
        };
    };
    CoachingSessions_reopen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
        };
    };
    SessionMessages_list: {
        parameters: {
            query?: {
                /** @description Items per page, 1–200. */
                limit?: number;
                /** @description Only messages before this seq: the page before. Not together with `after_seq`. */
                before_seq?: number;
                /** @description Only messages after this seq: what is new. Not together with `before_seq`. */
                after_seq?: number;
                /** @description Only what is part of the conversation as it is told now: without replaced branches and replies that were regenerated. */
                current?: boolean;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageListResponse"];
                };
            };
        };
    };
    SessionMessages_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
                /** @description `respond-async`: do not wait for the reply. */
                Prefer?: string;
            };
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessageDto"];
            };
        };
        responses: {
            /** @description Both messages, or with `Accept: text/event-stream` the events of the turn (see GET /chat/turns/{turn_id}/events). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionSendResponse"];
                };
            };
            /** @description Stored; the reply comes later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnResponse"];
                };
            };
        };
    };
    ChatHealth_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatHealthResponse"];
                };
            };
        };
    };
    OpenAiConversation_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteConversationResponse"];
                };
            };
        };
    };
    OpenAiConversation_rebuild: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteConversationResponse"];
                };
            };
        };
    };
    OpenAiConversation_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone, or will be as soon as the upstream can be reached. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    OpenAiConversation_items: {
        parameters: {
            query?: {
                /** @description Items per page, 1–100. */
                limit?: number;
                /** @description Only items after the one with this id: `last_id` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoteItemListResponse"];
                };
            };
        };
    };
    Preview_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewPersonaDto"];
            };
        };
        responses: {
            /** @description The answer, or with `Accept: text/event-stream` its events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewResponse"];
                };
            };
        };
    };
    ModelWarnings_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelWarningListResponse"];
                };
            };
        };
    };
    Budgets_list: {
        parameters: {
            query?: {
                /** @description Only those of one workspace, which you must own. */
                workspace_id?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetListResponse"];
                };
            };
        };
    };
    Budgets_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateBudgetDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetResponse"];
                };
            };
        };
    };
    Budgets_mine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyBudgetListResponse"];
                };
            };
        };
    };
    Budgets_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetResponse"];
                };
            };
        };
    };
    Budgets_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Budgets_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeBudgetDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetResponse"];
                };
            };
        };
    };
    Budgets_periods: {
        parameters: {
            query?: {
                /** @description Lines to leave out, 0–10,000. */
                offset?: number;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                budget_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetUseListResponse"];
                };
            };
        };
    };
    Budgets_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetAlertListResponse"];
                };
            };
        };
    };
    ReRatings_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReRatingListResponse"];
                };
            };
        };
    };
    ReRatings_request: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestReRatingDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReRatingResponse"];
                };
            };
        };
    };
    ReRatings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                re_rating_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReRatingResponse"];
                };
            };
        };
    };
    Prices_list: {
        parameters: {
            query?: {
                /** @description Only of this model, exactly. */
                model?: string;
                /** @description Only of this provider. */
                provider?: "openai" | "compatible";
                /** @description Only of this service tier. */
                service_tier?: string;
                /** @description Only what is in force at this time. */
                at?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceListResponse"];
                };
            };
        };
    };
    Prices_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePriceDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedPriceResponse"];
                };
            };
        };
    };
    Prices_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportPricesDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceImportResponse"];
                };
            };
        };
    };
    Prices_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                price_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceDetailsResponse"];
                };
            };
        };
    };
    Prices_delete: {
        parameters: {
            query?: {
                /** @description Whether calls that were rated with it are rated again, with the price before it or with none. */
                is_rerated?: boolean;
                /** @description Why, for those who read the audit; up to 500 characters. */
                reason?: string;
            };
            header?: never;
            path: {
                price_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedPriceResponse"];
                };
            };
        };
    };
    Prices_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                price_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePriceDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedPriceResponse"];
                };
            };
        };
    };
    Analytics_usage: {
        parameters: {
            query?: {
                /** @description Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only). */
                scope?: "me" | "workspace" | "instance";
                /** @description The workspace that the personas belong to. With it the scope is `workspace`. */
                workspace_id?: number;
                /** @description The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today. */
                from?: string;
                /** @description The end, which is not part of the range. Default: now. At most ten years after `from`. */
                to?: string;
                /** @description The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points. */
                interval?: "hour" | "day" | "month" | "none";
                /** @description Where days and months begin: the name of a place in the IANA database, or UTC. */
                time_zone?: string;
                /** @description Tells the figures apart by this. */
                group_by?: "model" | "persona" | "user" | "channel" | "purpose";
                /** @description How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50. */
                groups?: number;
                /** @description Only calls that asked for this model. */
                model?: string;
                /** @description Only calls of this persona. */
                persona_id?: number;
                /** @description Only calls of this user; in the scope `me` that can be nobody else but you. */
                user_id?: number;
                /** @description Only calls of this channel. */
                channel?: string;
                /** @description `csv` answers with `series` as a table; so does `Accept: text/csv`. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReportResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    Analytics_cost: {
        parameters: {
            query?: {
                /** @description Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only). */
                scope?: "me" | "workspace" | "instance";
                /** @description The workspace that the personas belong to. With it the scope is `workspace`. */
                workspace_id?: number;
                /** @description The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today. */
                from?: string;
                /** @description The end, which is not part of the range. Default: now. At most ten years after `from`. */
                to?: string;
                /** @description The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points. */
                interval?: "hour" | "day" | "month" | "none";
                /** @description Where days and months begin: the name of a place in the IANA database, or UTC. */
                time_zone?: string;
                /** @description Tells the figures apart by this. */
                group_by?: "model" | "persona" | "user" | "channel" | "purpose";
                /** @description How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50. */
                groups?: number;
                /** @description Only calls that asked for this model. */
                model?: string;
                /** @description Only calls of this persona. */
                persona_id?: number;
                /** @description Only calls of this user; in the scope `me` that can be nobody else but you. */
                user_id?: number;
                /** @description Only calls of this channel. */
                channel?: string;
                /** @description `csv` answers with `series` as a table; so does `Accept: text/csv`. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostReportResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    Analytics_latency: {
        parameters: {
            query?: {
                /** @description Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only). */
                scope?: "me" | "workspace" | "instance";
                /** @description The workspace that the personas belong to. With it the scope is `workspace`. */
                workspace_id?: number;
                /** @description The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today. */
                from?: string;
                /** @description The end, which is not part of the range. Default: now. At most ten years after `from`. */
                to?: string;
                /** @description The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points. */
                interval?: "hour" | "day" | "month" | "none";
                /** @description Where days and months begin: the name of a place in the IANA database, or UTC. */
                time_zone?: string;
                /** @description Tells the figures apart by this. */
                group_by?: "model" | "persona" | "user" | "channel" | "purpose";
                /** @description How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50. */
                groups?: number;
                /** @description Only calls that asked for this model. */
                model?: string;
                /** @description Only calls of this persona. */
                persona_id?: number;
                /** @description Only calls of this user; in the scope `me` that can be nobody else but you. */
                user_id?: number;
                /** @description Only calls of this channel. */
                channel?: string;
                /** @description `csv` answers with `series` as a table; so does `Accept: text/csv`. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatencyReportResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    Analytics_errors: {
        parameters: {
            query?: {
                /** @description Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only). */
                scope?: "me" | "workspace" | "instance";
                /** @description The workspace that the personas belong to. With it the scope is `workspace`. */
                workspace_id?: number;
                /** @description The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today. */
                from?: string;
                /** @description The end, which is not part of the range. Default: now. At most ten years after `from`. */
                to?: string;
                /** @description The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points. */
                interval?: "hour" | "day" | "month" | "none";
                /** @description Where days and months begin: the name of a place in the IANA database, or UTC. */
                time_zone?: string;
                /** @description Tells the figures apart by this. */
                group_by?: "model" | "persona" | "user" | "channel" | "purpose";
                /** @description How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50. */
                groups?: number;
                /** @description Only calls that asked for this model. */
                model?: string;
                /** @description Only calls of this persona. */
                persona_id?: number;
                /** @description Only calls of this user; in the scope `me` that can be nobody else but you. */
                user_id?: number;
                /** @description Only calls of this channel. */
                channel?: string;
                /** @description `csv` answers with `series` as a table; so does `Accept: text/csv`. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorsReportResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    Analytics_conversations: {
        parameters: {
            query?: {
                /** @description Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only). */
                scope?: "me" | "workspace" | "instance";
                /** @description The workspace that the personas belong to. With it the scope is `workspace`. */
                workspace_id?: number;
                /** @description The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today. */
                from?: string;
                /** @description The end, which is not part of the range. Default: now. At most ten years after `from`. */
                to?: string;
                /** @description The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points. */
                interval?: "hour" | "day" | "month" | "none";
                /** @description Where days and months begin: the name of a place in the IANA database, or UTC. */
                time_zone?: string;
                /** @description Tells the figures apart by this. */
                group_by?: "model" | "persona" | "user" | "channel" | "purpose";
                /** @description How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50. */
                groups?: number;
                /** @description Only calls that asked for this model. */
                model?: string;
                /** @description Only calls of this persona. */
                persona_id?: number;
                /** @description Only calls of this user; in the scope `me` that can be nobody else but you. */
                user_id?: number;
                /** @description Only calls of this channel. */
                channel?: string;
                /** @description `csv` answers with `series` as a table; so does `Accept: text/csv`. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationsReportResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    ChatStats_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatStatsResponse"];
                };
            };
        };
    };
    ExperimentReports_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                persona_id: number;
                experiment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentReportResponse"];
                };
            };
        };
    };
    Rules_get: {
        parameters: {
            query?: {
                /** @description A workspace that you own; your personal one when left out. */
                workspace_id?: number;
                /** @description A persona of the workspace; left out: for all of its personas that have no rules of their own. */
                persona_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationRulesResponse"];
                };
            };
        };
    };
    Rules_save: {
        parameters: {
            query?: {
                /** @description A workspace that you own; your personal one when left out. */
                workspace_id?: number;
                /** @description A persona of the workspace; left out: for all of its personas that have no rules of their own. */
                persona_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveRulesDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationRulesResponse"];
                };
            };
        };
    };
    Rules_remove: {
        parameters: {
            query?: {
                /** @description A workspace that you own; your personal one when left out. */
                workspace_id?: number;
                /** @description A persona of the workspace; left out: for all of its personas that have no rules of their own. */
                persona_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Backtest_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BacktestDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestResponse"];
                };
            };
        };
    };
    Agents_list: {
        parameters: {
            query: {
                /** @description The team's workspace. */
                workspace_id: number;
                /** @description How many, 1–200; 50 unless you say otherwise. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentListResponse"];
                };
            };
        };
    };
    Agents_changeMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentResponse"];
                };
            };
        };
    };
    Agents_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentResponse"];
                };
            };
        };
    };
    Agents_remove: {
        parameters: {
            query?: {
                /** @description Your personal one unless you say otherwise. */
                workspace_id?: number;
            };
            header?: never;
            path: {
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are none. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Escalations_list: {
        parameters: {
            query: {
                /** @description The team's workspace. */
                workspace_id: number;
                /** @description How many, 1–200; 50 unless you say otherwise. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `open` (waits for a person), `claimed`, `resolved` or `returned` (to the AI); all without it. */
                status?: "open" | "claimed" | "resolved" | "returned";
                /** @description `newest` first; `queue`: those that are open, in the order in which they are to be taken (priority, then age). */
                order?: "newest" | "queue";
                /** @description `me`, `none` or a user's number. */
                assigned_to?: string;
                skill?: string;
                tag?: string;
                /** @description Kind of the first trigger, such as `keyword`, or `manual`. */
                reason?: string;
                /** @description Nobody had taken it in time. */
                overdue?: boolean;
                /** @description Those of one conversation. */
                conversation_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationListResponse"];
                };
            };
        };
    };
    Escalations_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartEscalationDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationDetailResponse"];
                };
            };
        };
    };
    Escalations_messages: {
        parameters: {
            query?: {
                /** @description How many, 1–200; 50 unless you say otherwise. */
                limit?: number;
                /** @description Only messages before this place. */
                before_seq?: number;
                /** @description Only messages after this place; not together with `before_seq`. */
                after_seq?: number;
            };
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageListResponse"];
                };
            };
        };
    };
    Escalations_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
                file_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    Escalations_claim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_assign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_transfer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
            };
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentReplyDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentReplyResponse"];
                };
            };
        };
    };
    Escalations_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationDetailResponse"];
                };
            };
        };
    };
    Escalations_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagsDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now; the draft is being written. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationDetailResponse"];
                };
            };
        };
    };
    Escalations_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndEscalationDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Escalations_giveBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                escalation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndEscalationDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EscalationResponse"];
                };
            };
        };
    };
    Ratings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingResponse"];
                };
            };
        };
    };
    Ratings_rate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RatingDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingResponse"];
                };
            };
        };
    };
    VisitorRatings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session’s id, which is its secret. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingResponse"];
                };
            };
        };
    };
    VisitorRatings_rate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session’s id, which is its secret. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RatingDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingResponse"];
                };
            };
        };
    };
    Webhooks_list: {
        parameters: {
            query: {
                /** @description The team's workspace. */
                workspace_id: number;
                /** @description How many, 1–200; 50 unless you say otherwise. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookListResponse"];
                };
            };
        };
    };
    Webhooks_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhookResponse"];
                };
            };
        };
    };
    Webhooks_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    Webhooks_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Webhooks_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhookDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookResponse"];
                };
            };
        };
    };
    Webhooks_replaceSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretResponse"];
                };
            };
        };
    };
    Webhooks_deliveries: {
        parameters: {
            query?: {
                /** @description How many, 1–200; 50 unless you say otherwise. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                webhook_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryListResponse"];
                };
            };
        };
    };
    Webhooks_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: number;
                delivery_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent soon. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SupportChat_begin: {
        parameters: {
            query?: never;
            header?: {
                /** @description The public key of the support chat; or `publicKey` in the body. */
                "X-Parley-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginSupportSessionDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportSessionResponse"];
                };
            };
        };
    };
    SupportChat_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: do not wait for the answer. */
                Prefer?: string;
                /** @description Send the same key again after a broken connection: the message is stored once, and the answer is that of the first. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupportMessageDto"];
            };
        };
        responses: {
            /** @description The answer, or with `Accept: text/event-stream` the events of the turn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportReplyResponse"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportPendingResponse"];
                };
            };
        };
    };
    SupportChat_history: {
        parameters: {
            query?: {
                /** @description Only messages after this seq: what is new. Not together with `beforeSeq`. */
                afterSeq?: number;
                /** @description Only messages before this seq: the page before. Not together with `afterSeq`. */
                beforeSeq?: number;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The session’s id, which is its secret. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportHistoryResponse"];
                };
            };
        };
    };
    SupportChat_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session’s id, which is its secret. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportSessionEndResponse"];
                };
            };
        };
    };
    SupportChat_erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session’s id, which is its secret. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SupportDoors_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportDoorResponse"];
                };
            };
        };
    };
    SupportDoors_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupportDoorDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportDoorResponse"];
                };
            };
        };
    };
    SupportDoors_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SupportDoors_replaceKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportDoorResponse"];
                };
            };
        };
    };
    SupportDoors_replaceSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySecretResponse"];
                };
            };
        };
    };
    SupportHealth_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportHealthResponse"];
                };
            };
        };
    };
    Channels_list: {
        parameters: {
            query?: {
                /** @description A workspace that you own; your own one without it. */
                workspace_id?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelListResponse"];
                };
            };
        };
    };
    Channels_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateChannelDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResponse"];
                };
            };
        };
    };
    Channels_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResponse"];
                };
            };
        };
    };
    Channels_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Channels_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeChannelDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelResponse"];
                };
            };
        };
    };
    Channels_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelCheckResponse"];
                };
            };
        };
    };
    ChannelFigures_get: {
        parameters: {
            query?: {
                /** @description How far back, 1–720 hours; 24 unless you say otherwise. */
                hours?: number;
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelFiguresResponse"];
                };
            };
        };
    };
    Identities_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelIdentityListResponse"];
                };
            };
        };
    };
    Identities_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                identity_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelIdentityResponse"];
                };
            };
        };
    };
    Identities_erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                identity_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Identities_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                identity_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeIdentityDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelIdentityResponse"];
                };
            };
        };
    };
    shake_hands_with_whatsapp: {
        parameters: {
            query?: {
                "hub.mode"?: string;
                "hub.verify_token"?: string;
                "hub.challenge"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    take_whatsapp_hook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    shake_hands_with_whatsapp_for_channel: {
        parameters: {
            query?: {
                "hub.mode"?: string;
                "hub.verify_token"?: string;
                "hub.challenge"?: string;
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    take_whatsapp_hook_of_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    shake_hands_with_instagram: {
        parameters: {
            query?: {
                "hub.mode"?: string;
                "hub.verify_token"?: string;
                "hub.challenge"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    take_instagram_hook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    shake_hands_with_instagram_for_channel: {
        parameters: {
            query?: {
                "hub.mode"?: string;
                "hub.verify_token"?: string;
                "hub.challenge"?: string;
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    take_instagram_hook_of_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    take_mattermost_outgoing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored; nothing is posted in answer to the hook itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    take_mattermost_outgoing_of_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is stored; nothing is posted in answer to the hook itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    take_mattermost_command: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description What the person is shown at once; an answer that takes longer is sent afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        response_type?: "ephemeral" | "in_channel";
                        text?: string;
                    };
                };
            };
        };
    };
    take_mattermost_command_of_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description What the person is shown at once; an answer that takes longer is sent afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        response_type?: "ephemeral" | "in_channel";
                        text?: string;
                    };
                };
            };
        };
    };
    Inbox_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
                /** @description `dead`: only what was given up; without it: everything. */
                status?: "dead";
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncomingItemListResponse"];
                };
            };
        };
    };
    Inbox_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                inbox_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is tried soon. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ChannelThreads_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                conversation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It answers from the next message on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ChannelThreads_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                file_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, as it was sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    Letters_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Items per page, 1–200. */
                limit?: number;
                /** @description `dead`: only what was given up, or came back after the other system had taken it; without it: everything. */
                status?: "dead";
            };
            header?: never;
            path: {
                channel_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutgoingMessageListResponse"];
                };
            };
        };
    };
    Letters_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: number;
                outbox_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent soon. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
