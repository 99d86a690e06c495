<?php
// The page on which readers unsubscribe, for a web host with PHP 7.4 or newer. Nothing but this file.
// Made by `reportgen receiver`; no list of addresses is on it. What readers ask for lies in
// receiver-spool.php beside it, which shows nothing to who opens it, until `reportgen returns`
// has fetched it. docs/mail.md of reportgen has the protocol.
const CONFIG = <<<'JSON'
@@CONFIG@@
JSON;
const SPOOL = __DIR__ . '/receiver-spool.php';
const GUARD = "<?php exit; ?>\n";
const MOST_BYTES = 5000000;     // of the spool
const MOST_UNCHECKED = 200;     // tokens without our check letters in the spool

$config = json_decode(CONFIG, true);
$method = $_SERVER['REQUEST_METHOD'] ?? 'GET';
if ($method === 'POST' && ($_POST['do'] ?? '') === 'fetch') {
    fetch($config);
} else {
    page($config, $method);
}

function page(array $config, string $method): void
{
    $language = language($config);
    $words = $config['words'][$language];
    $token = strtolower((string) ($_GET['t'] ?? ''));
    if (!preg_match('/^[a-z2-7]{26}$/D', $token)) {
        show($config, $language, $words['unknown'], 404);
    } elseif ($method !== 'POST') {     // programs that scan mail follow links: a GET changes nothing
        show($config, $language, form($config, $language, $token), 200);
    } elseif (($_POST['List-Unsubscribe'] ?? $_POST['List-Unsubscribe_'] ?? '') === 'One-Click') {
        $taken = take($config, ['do' => 'leave', 'token' => $token, 'how' => 'one click']);
        http_response_code($taken ? 200 : 503);
        header('Content-Type: text/plain; charset=utf-8');
        echo $taken ? "ok\n" : "later\n";
    } else {
        $leave = ($_POST['do'] ?? '') === 'leave';
        $asked = $leave ? ['do' => 'leave', 'token' => $token, 'how' => 'page']
            : ['do' => 'choose', 'token' => $token, 'how' => 'page',
               'regions' => array_values(array_intersect(array_keys($config['regions']),
                   array_map('strval', (array) ($_POST['regions'] ?? [])))),
               'every' => ($_POST['every'] ?? '') === '3' ? 3 : 1];
        $taken = take($config, $asked);
        show($config, $language, $taken ? $words[$leave ? 'left' : 'saved'] : $words['busy'],
            $taken ? 200 : 503);
    }
}

// Return the reader's language, of those that the page speaks.
function language(array $config): string
{
    $wanted = [strtolower((string) ($_GET['l'] ?? ''))];
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
    return locked(function ($file) use ($config, $asked): bool {
        $lines = lines($file);
        $checked = is_checked($config, $asked['token']);
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
    if (!hash_equals($config['fetch'], hash('sha256', (string) ($_POST['secret'] ?? '')))) {
        http_response_code(403);
        return;
    }
    $done = array_flip(explode(' ', (string) ($_POST['done'] ?? '')));
    echo locked(function ($file) use ($done): string {
        $left = array_filter(lines($file), fn($line) => !isset($done[json_decode($line, true)['id']]));
        $text = implode('', array_map(fn($line) => "$line\n", $left));
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, GUARD . $text);
        fflush($file);
        return $text;
    });
}

function locked(callable $work)
{
    $file = fopen(SPOOL, 'c+');
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

function form(array $config, string $language, string $token): string
{
    $words = array_map('htmlspecialchars', $config['words'][$language]);
    $boxes = '';
    foreach ($config['regions'] as $code => $names) {
        $name = htmlspecialchars($names[$language] ?? $names['en']);
        $boxes .= '<label><input type="checkbox" name="regions[]" value="' . htmlspecialchars($code)
            . "\"> $name</label>\n";
    }
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
