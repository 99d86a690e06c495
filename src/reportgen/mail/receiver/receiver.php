<?php
// The page on which readers unsubscribe, for a web host with PHP 7.4 or newer. Nothing but this file.
// Made by `reportgen receiver`; no list of addresses is on it. What readers ask for lies in
// receiver-spool.php beside it, which shows nothing to who opens it, until `reportgen returns`
// has fetched it. docs/mail.md of reportgen has the protocol.
const CONFIG = <<<'JSON'
@@CONFIG@@
JSON;
const SPOOL = __DIR__ . '/receiver-spool.php';
const PENDING = __DIR__ . '/receiver-pending.php';     // addresses that are not confirmed yet
const GUARD = "<?php exit; ?>\n";
const MOST_BYTES = 5000000;     // of the spool
const MOST_UNCHECKED = 200;     // tokens without our check letters in the spool
const MOST_PENDING = 500;       // addresses that wait to be confirmed
const MOST_FROM_ONE = 5;        // of them from one client in an hour
const LIFE = 172800;            // seconds that an address waits: then it is forgotten

$config = json_decode(CONFIG, true);
$method = $_SERVER['REQUEST_METHOD'] ?? 'GET';
if ($method === 'POST' && given($_POST, 'do') === 'fetch') {
    fetch($config);
} elseif ($config['join'] && isset($_GET['join'])) {
    join_page($config, $method);
} elseif ($config['join'] && isset($_GET['c'])) {
    confirm_page($config, $method);
} else {
    page($config, $method);
}

function page(array $config, string $method): void
{
    $language = language($config);
    $words = $config['words'][$language];
    $token = strtolower(given($_GET, 't'));
    if (!preg_match('/^[a-z2-7]{26}$/D', $token)) {
        show($config, $language, $words['unknown'], 404);
    } elseif ($method !== 'POST') {     // programs that scan mail follow links: a GET changes nothing
        show($config, $language, form($config, $language, $token), 200);
    } elseif (given($_POST, 'List-Unsubscribe') === 'One-Click') {
        $taken = take($config, ['do' => 'leave', 'token' => $token, 'how' => 'one click']);
        http_response_code($taken ? 200 : 503);
        header('Content-Type: text/plain; charset=utf-8');
        echo $taken ? "ok\n" : "later\n";
    } else {
        $leave = given($_POST, 'do') === 'leave';
        $asked = $leave ? ['do' => 'leave', 'token' => $token, 'how' => 'page']
            : ['do' => 'choose', 'token' => $token, 'how' => 'page',
               'regions' => regions_of($config),
               'every' => given($_POST, 'every') === '3' ? 3 : 1];
        $taken = take($config, $asked);
        show($config, $language, $taken ? $words[$leave ? 'left' : 'saved'] : $words['busy'],
            $taken ? 200 : 503);
    }
}

// Return what a request gives under a name, if it is text: anybody may send lists.
function given(array $from, string $name): string
{
    return is_string($from[$name] ?? null) ? $from[$name] : '';
}

// The form to subscribe; a POST sends the mail by which the address is confirmed.
function join_page(array $config, string $method): void
{
    $language = language($config);
    $words = $config['words'][$language];
    if ($method !== 'POST') {
        show($config, $language, join_form($config, $language), 200);
        return;
    }
    $email = trim(given($_POST, 'email'));
    if (given($_POST, 'website') !== '') {     // a field that nobody sees: a program filled it
        show($config, $language, $words['join_sent'], 200);
        return;
    }
    if (strlen($email) > 254 || !filter_var($email, FILTER_VALIDATE_EMAIL) || given($_POST, 'agree') === '') {
        show($config, $language, $words['join_wrong'], 400);
        return;
    }
    $entry = ['token' => bin2hex(random_bytes(16)), 'email' => $email, 'language' => $language,
              'regions' => regions_of($config), 'asked' => time(),
              'text' => str_replace('{title}', $config['title'], $words['agree']),
              'client' => substr(hash('sha256', $config['check'] . ($_SERVER['REMOTE_ADDR'] ?? '')), 0, 16)];
    $state = locked(PENDING, function ($file) use ($entry): string {
        $rows = waiting($file);
        $hour = array_filter($rows, fn($row) => $row['asked'] > time() - 3600);
        if (array_filter($hour, fn($row) => strtolower($row['email']) === strtolower($entry['email']))) {
            return 'sent';      // a mail is on its way already
        }
        $from = array_filter($hour, fn($row) => $row['client'] === $entry['client']);
        if (count($rows) >= MOST_PENDING || count($from) >= MOST_FROM_ONE) {
            return 'busy';
        }
        write($file, [...$rows, $entry]);
        return 'new';
    });
    if ($state === 'new' && !send_confirmation($config, $words, $entry)) {
        $state = 'busy';
    }
    show($config, $language, $words[$state === 'busy' ? 'busy' : 'join_sent'], $state === 'busy' ? 503 : 200);
}

// What the link in that mail opens; a POST confirms.
function confirm_page(array $config, string $method): void
{
    $language = language($config);
    $words = $config['words'][$language];
    $entry = locked(PENDING, function ($file) use ($method): ?array {
        $rows = waiting($file);
        $found = null;
        $left = [];
        foreach ($rows as $row) {
            if (hash_equals($row['token'], given($_GET, 'c'))) {
                $found = $row;
            } else {
                $left[] = $row;
            }
        }
        write($file, $method === 'POST' ? $left : $rows);
        return $found;
    });
    if ($entry === null) {
        show($config, $language, $words['expired'], 404);
    } elseif ($method !== 'POST') {
        $button = htmlspecialchars($words['confirm']);
        show($config, $language, '<form method="post"><p>' . htmlspecialchars($entry['text'])
            . "</p><button>$button</button></form>", 200);
    } else {
        $date = fn($time) => gmdate('Y-m-d\TH:i:s\Z', $time);
        keep(['do' => 'join', 'email' => $entry['email'], 'language' => $entry['language'],
              'regions' => $entry['regions'], 'asked' => $date($entry['asked']),
              'confirmed' => $date(time()), 'text' => $entry['text']], true);
        show($config, $language, $words['confirmed'], 200);
    }
}

function send_confirmation(array $config, array $words, array $entry): bool
{
    $link = $config['join']['url'] . '?c=' . $entry['token'] . '&l=' . $entry['language'];
    $filled = fn($text) => str_replace(['{title}', '{link}'], [$config['title'], $link], $text);
    $encoded = fn($text) => '=?UTF-8?B?' . base64_encode($text) . '?=';
    $headers = ['From' => $config['join']['sender'], 'Auto-Submitted' => 'auto-generated',
                'MIME-Version' => '1.0', 'Content-Type' => 'text/plain; charset=utf-8',
                'Content-Transfer-Encoding' => 'base64'];
    return mail($entry['email'], $encoded($filled($words['mail_subject'])),
        chunk_split(base64_encode($filled($words['mail_text']))), $headers);
}

// Return the regions that a form asks for.
function regions_of(array $config): array
{
    return array_values(array_intersect(array_keys($config['regions']),
        array_filter((array) ($_POST['regions'] ?? []), 'is_string')));
}

// Return the addresses that wait and are not too old.
function waiting($file): array
{
    $rows = array_map(fn($line) => json_decode($line, true), lines($file));
    return array_values(array_filter($rows, fn($row) => $row['asked'] > time() - LIFE));
}

function write($file, array $rows): void
{
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, GUARD . implode('', array_map(fn($row) => json_encode($row) . "\n", $rows)));
    fflush($file);
}

// Return the reader's language, of those that the page speaks.
function language(array $config): string
{
    $wanted = [strtolower(given($_GET, 'l'))];
    foreach (explode(',', strtolower($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '')) as $part) {
        $wanted[] = substr(trim(explode(';', $part)[0]), 0, 2);
    }
    foreach ([...$wanted, $config['language']] as $code) {
        if (isset($config['words'][$code])) {
            return $code;
        }
    }
    return 'en';
}

// Whether the last eight letters of a token are those that only the list's key makes.
function is_checked(array $config, string $token): bool
{
    $digest = hash_hmac('sha256', substr($token, 0, 18), hex2bin($config['check']), true);
    $bits = '';
    foreach (str_split(substr($digest, 0, 5)) as $byte) {
        $bits .= str_pad(decbin(ord($byte)), 8, '0', STR_PAD_LEFT);
    }
    $letters = 'abcdefghijklmnopqrstuvwxyz234567';
    $check = '';
    foreach (str_split($bits, 5) as $five) {
        $check .= $letters[bindec($five)];
    }
    return hash_equals($check, substr($token, 18));
}

// Keep what a reader asks for; return whether it is kept.
function take(array $config, array $asked): bool
{
    return keep($asked, is_checked($config, $asked['token']));
}

function keep(array $asked, bool $checked): bool
{
    return locked(SPOOL, function ($file) use ($asked, $checked): bool {
        $lines = lines($file);
        $unchecked = 0;
        foreach ($lines as $line) {
            $known = json_decode($line, true);
            if (array_diff_key($known, ['id' => 0, 'at' => 0]) == $asked + ['checked' => $checked]) {
                return true;    // asked before, and not fetched yet
            }
            $unchecked += !$known['checked'];
        }
        if (fstat($file)['size'] > MOST_BYTES || (!$checked && $unchecked >= MOST_UNCHECKED)) {
            return false;
        }
        $kept = ['id' => sprintf('%d-%s', time(), bin2hex(random_bytes(8))),
                 'at' => gmdate('Y-m-d\TH:i:s\Z')] + $asked + ['checked' => $checked];
        fseek($file, 0, SEEK_END);
        return fwrite($file, json_encode($kept) . "\n") !== false && fflush($file);
    });
}

// Give what readers asked for to who knows the secret, and forget what was fetched before.
function fetch(array $config): void
{
    header('Content-Type: application/x-ndjson; charset=utf-8');
    header('Cache-Control: no-store');
    if (!hash_equals($config['fetch'], hash('sha256', given($_POST, 'secret')))) {
        http_response_code(403);
        return;
    }
    $done = array_flip(explode(' ', given($_POST, 'done')));
    locked(PENDING, fn($file) => write($file, waiting($file)));     // what is too old is forgotten
    echo locked(SPOOL, function ($file) use ($done): string {
        $left = array_filter(lines($file), fn($line) => !isset($done[json_decode($line, true)['id']]));
        $text = implode('', array_map(fn($line) => "$line\n", $left));
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, GUARD . $text);
        fflush($file);
        return $text;
    });
}

function locked(string $path, callable $work)
{
    $file = fopen($path, 'c+');
    flock($file, LOCK_EX);
    if (fstat($file)['size'] === 0) {
        fwrite($file, GUARD);
    }
    try {
        return $work($file);
    } finally {
        flock($file, LOCK_UN);
        fclose($file);
    }
}

function lines($file): array
{
    rewind($file);
    $rows = explode("\n", stream_get_contents($file));
    return array_values(array_filter($rows, fn($row) => is_array(json_decode($row, true))));
}

function boxes(array $config, string $language): string
{
    $boxes = '';
    foreach ($config['regions'] as $code => $names) {
        $name = htmlspecialchars($names[$language] ?? $names['en']);
        $boxes .= '<label><input type="checkbox" name="regions[]" value="' . htmlspecialchars($code)
            . "\"> $name</label>\n";
    }
    return $boxes;
}

function form(array $config, string $language, string $token): string
{
    $words = array_map('htmlspecialchars', $config['words'][$language]);
    $boxes = boxes($config, $language);
    return <<<HTML
    <form method="post"><p>{$words['leave_text']}</p>
    <button name="do" value="leave">{$words['leave']}</button></form>
    <form method="post"><h2>{$words['choose']}</h2>
    <fieldset><legend>{$words['regions']}</legend>
    $boxes</fieldset>
    <fieldset><label><input type="radio" name="every" value="1" checked> {$words['every']}</label>
    <label><input type="radio" name="every" value="3"> {$words['third']}</label></fieldset>
    <button name="do" value="choose">{$words['save']}</button></form>
    HTML;
}

function join_form(array $config, string $language): string
{
    $words = array_map(fn($text) => htmlspecialchars(str_replace('{title}', $config['title'], $text)),
        $config['words'][$language]);
    $boxes = boxes($config, $language);
    return <<<HTML
    <form method="post"><p>{$words['join_lead']}</p>
    <label>{$words['email']} <input type="email" name="email" required maxlength="254" autocomplete="email"></label>
    <p class="website" aria-hidden="true"><label>Website <input name="website" tabindex="-1" autocomplete="off"></label></p>
    <fieldset><legend>{$words['regions']}</legend>
    $boxes</fieldset>
    <label><input type="checkbox" name="agree" value="yes" required> {$words['agree']}</label>
    <p><button name="do" value="join">{$words['join']}</button></p></form>
    HTML;
}

function show(array $config, string $language, string $body, int $status): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    header('Referrer-Policy: no-referrer');
    header('X-Robots-Tag: noindex');
    header("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
    $title = htmlspecialchars($config['title']);
    $heading = htmlspecialchars($config['words'][$language]['heading']);
    $body = strpos($body, '<form') === false ? '<p role="status">' . htmlspecialchars($body) . '</p>' : $body;
    $direction = $language === 'ar' ? 'rtl' : 'ltr';
    echo <<<HTML
    <!DOCTYPE html>
    <html lang="$language" dir="$direction"><head><meta charset="utf-8"><title>$title: $heading</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>@@STYLE@@</style></head>
    <body><main><p class="title">$title</p><h1>$heading</h1>
    $body
    </main></body></html>

    HTML;
}
