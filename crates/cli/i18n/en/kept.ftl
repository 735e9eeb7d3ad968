### What somebody typed and did not send.

kept-began-alert = You began an alert { $ago } ({ $said }).
kept-began-report = You began a report { $ago } ({ $said }).
kept-began-update = You began an update { $ago } ({ $said }).
kept-began-cancel = You began to end it { $ago } ({ $said }).
kept-began-correction = You began a correction { $ago } ({ $said }).
kept-elsewhere = The same is written in another terminal ({ $said }), and is kept there. This one is kept by itself.
kept-beside = It stays, and this one begins beside it. To go on with it:  { $command }
kept-go-on-with-it = Go on with it? [Y/n]
kept-nothing-yet = nothing said yet
kept-which-neighborhood = In which neighborhood? (a number or its name)
kept-still =
    What you typed is kept in the vault for 24 hours. To go on:  { $command }
    To throw it away: the same, and then n.
